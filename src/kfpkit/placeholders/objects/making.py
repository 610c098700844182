"""Creates placeholders: one for each name, a new one for each value."""

from __future__ import annotations

from collections.abc import Mapping
from types import FrameType
from typing import Any

from kfpkit.placeholders import load
from kfpkit.placeholders.objects.calls import decorates, holds_code
from kfpkit.placeholders.objects.origin import ORIGIN, Origin, names
from kfpkit.placeholders.objects.refusals import refuse_call, refuse_code

__tracebackhide__ = True  # pytest shows the line that asks

_ERRORS = ("Error", "Exception", "Timeout", "NotFound", "Interrupt")
_ERROR_MODULES = frozenset({"errors", "exc", "exceptions"})


def make(origin: Origin) -> Any:
    """Create a placeholder."""
    base = _choose_base(origin)
    module, _, name = origin.path.rpartition(".")
    shown = name + origin.after if not origin.is_name else name
    namespace = {ORIGIN: origin, "__module__": module, "__qualname__": shown}
    return type(base)(shown, (base,), namespace)


def make_named(origin: Origin) -> Any:
    """Return the placeholder of a dotted name, the same one each time."""
    if origin.path not in names:
        names[origin.path] = make(origin)
    return names[origin.path]


def make_attribute(origin: Origin, attribute_name: str) -> Any:
    """Return the placeholder of an attribute.

    Args:
        origin: The origin of the object with the attribute.
        attribute_name: Its name.
    """
    found = origin.attribute(attribute_name)
    return make_named(found) if found.is_name else make(found)


def call(
    origin: Origin, arguments: tuple[Any, ...], options: Mapping[str, Any], caller: FrameType
) -> Any:
    """Return the result of calling a placeholder.

    Args:
        origin: The origin of the called placeholder.
        arguments: The positional arguments.
        options: The keyword arguments.
        caller: The frame that calls.

    Raises:
        PlaceholderCallError: No load is in progress, or a pipeline would lose tasks.
    """
    current = load.find_current()
    if current is None:
        raise refuse_call(origin, caller)
    if decorates(origin, arguments, options, caller):
        return arguments[0]
    takes_code = holds_code(arguments) or holds_code(options)
    if (takes_code or origin.holds_code) and current.in_pipeline():
        raise refuse_code(origin, caller)
    at = (caller.f_code.co_filename, caller.f_lineno)
    return make(origin.call(arguments=bool(arguments or options), at=at, holds_code=takes_code))


def _choose_base(origin: Origin) -> type:
    """Return the base class of a placeholder. Exceptions need an exception class."""
    # Their metaclass makes placeholders, and so needs this module.
    from kfpkit.placeholders.objects import instances  # noqa: PLC0415

    *modules, name = origin.path.split(".")
    if not origin.is_name:
        return instances.MissingObject
    if name.endswith("Warning"):
        return instances.MissingWarning
    is_error = name.endswith(_ERRORS) or not _ERROR_MODULES.isdisjoint(modules)
    return instances.MissingError if is_error else instances.MissingObject
