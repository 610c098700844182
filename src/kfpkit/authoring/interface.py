"""Checks that a component's interface uses types that KFP can pass between tasks, and plain values.

KFP's message about another type, such as a DataFrame, names neither the parameter nor a remedy.
Without this check, a placeholder would be refused much later, or reach a compiled file.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kfpkit.errors import ForeignTypeError, PlaceholderInputError
from kfpkit.place import Place
from kfpkit.placeholders import describe_absence, find_in_annotation, find_placeholder
from kfpkit.specification import is_known, is_output, strip_markers

_RETURN = "return"


def require_plain_interface(function: Callable[..., Any], place: Place) -> None:
    """Refuse types that KFP doesn't support, and defaults that are placeholders.

    Args:
        function: A component's function with resolved annotations.
        place: The place of the function.

    Raises:
        ForeignTypeError: An input or output has a type that KFP doesn't support.
        PlaceholderInputError: A default is a placeholder.
    """
    for name, annotation in function.__annotations__.items():
        for output, each in _outputs(annotation) if name == _RETURN else [("", annotation)]:
            foreign = _find_foreign(each)
            if foreign is not None:
                raise ForeignTypeError(
                    place=place,
                    component=function.__name__,
                    name=output or name,
                    is_output=name == _RETURN or is_output(each),
                    kind=_format_type(foreign, function.__globals__),
                )
    for name, parameter in inspect.signature(function).parameters.items():
        _require_plain(
            parameter.default, f"the default of `{name}` in the component `{function.__name__}`"
        )


def require_plain_options(options: Mapping[str, Any]) -> None:
    """Refuse placeholders as arguments of the decorator.

    Args:
        options: The arguments by name.

    Raises:
        PlaceholderInputError: An argument is a placeholder.
    """
    for name, value in options.items():
        _require_plain(value, f"`{name}` of the decorator")


def require_plain_arguments(
    component: str, arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> None:
    """Refuse placeholders as arguments of a task.

    Args:
        component: The component's name.
        arguments: The arguments by position.
        named: The arguments by name.

    Raises:
        PlaceholderInputError: An argument is or contains a placeholder.
    """
    for value in arguments:
        _require_plain(value, f"an argument of the task `{component}`")
    for name, value in named.items():
        _require_plain(value, f"the argument `{name}` of the task `{component}`")


def require_plain_text(compiled: str) -> None:
    """Refuse a compiled pipeline that contains the description of a placeholder.

    Args:
        compiled: The compiled pipeline as a string.

    Raises:
        PlaceholderInputError: It contains one.
    """
    _require_plain(compiled, "a string in the compiled pipeline")


def _require_plain(value: Any, given_to: str) -> None:
    found = find_placeholder(value)
    if found is not None:
        raise PlaceholderInputError(describe_absence(found), given_to=given_to)


def _outputs(annotation: Any) -> Iterator[tuple[str, Any]]:
    """Yield the outputs that a function returns, with their names if they have any."""
    fields = getattr(annotation, "_fields", None)
    if fields is None:
        yield "", annotation
        return
    for name in fields:
        yield name, annotation.__annotations__.get(name)


def _find_foreign(annotation: Any) -> Any:
    """Return an annotation's placeholder, or else its unsupported outermost class."""
    found = find_in_annotation(annotation)
    if found is not None:
        return found
    kind = strip_markers(annotation)
    if not isinstance(kind, type) or isinstance(kind, types.GenericAlias) or is_known(kind):
        return None
    return kind


def _format_type(kind: Any, names: Mapping[str, Any]) -> str:
    """Format a type as the function's module would write it."""
    if find_placeholder(kind) is not None:
        return describe_absence(kind).name
    own = kind.__name__
    for name, value in names.items():
        if value is kind:
            return name
        if isinstance(value, types.ModuleType) and vars(value).get(own) is kind:
            return f"{name}.{own}"
    return f"{kind.__module__}.{kind.__qualname__}"
