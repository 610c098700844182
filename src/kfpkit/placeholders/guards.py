"""Determines whether code around an import statement handles its failure.

The call stack decides, so a guard covers the imported module and everything that it imports.
"""

from __future__ import annotations

import builtins
import sys
from collections import ChainMap
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from types import FrameType, ModuleType
from typing import Any

from kfpkit.placeholders.load import Load
from kfpkit.placeholders.sources import Guard, Handler, read_source

_MODULE = "<module>"
_BY_NAME = frozenset({ImportError, ModuleNotFoundError})


def is_guarded(frame: FrameType, load: Load) -> bool:
    """Return whether a fallback runs if an import fails.

    In the author's own code, any handler that catches the failure counts. In libraries, only a
    handler that names `ImportError` counts, because threads and executors catch every exception and
    pass it on. Of context managers that may catch it, only those around the import statement itself
    count.

    Args:
        frame: The frame with the import statement.
        load: The load of the import. Frames below it aren't examined.
    """
    if any(_may_swallow(name, frame) for guard in _guards(frame) for name in guard.managers):
        return True
    asked: FrameType | None = frame
    while asked is not None and asked not in load.border:
        if _is_guarded_here(asked, load):
            return True
        asked = asked.f_back
    return False


def _is_guarded_here(frame: FrameType, load: Load) -> bool:
    return any(_has_fallback(guard, frame, load) for guard in _guards(frame))


def _guards(frame: FrameType) -> Iterator[Guard]:
    """Yield the guards around the current line of a frame."""
    code, line = frame.f_code, frame.f_lineno
    start = None if code.co_name == _MODULE else code.co_firstlineno
    for guard in read_source(code.co_filename).guards:
        if guard.covers(line, start):
            yield guard


def _may_swallow(manager: str, frame: FrameType) -> bool:
    """Return whether a context manager around an import may handle its failure.

    In the standard library, these are only `suppress`, which is treated like a handler, and
    `ExitStack`. Others may do anything.
    """
    first, *rest = manager.split(".")
    value = _scopes(frame).get(first)
    for name in rest:
        value = getattr(value, name, None) if isinstance(value, ModuleType) else None
    module = str(getattr(value, "__module__", None) or type(value).__module__)
    is_known = value is not None and module.partition(".")[0] in sys.stdlib_module_names
    return not is_known or value is ExitStack or value is AsyncExitStack


def _has_fallback(guard: Guard, frame: FrameType, load: Load) -> bool:
    """Return whether the first handler that catches a failing import continues without it."""
    for handler in guard.handlers:
        caught = _resolve_caught(handler, frame)
        by_name = not caught.isdisjoint(_BY_NAME)
        if by_name or not caught.isdisjoint(ModuleNotFoundError.__mro__):
            file = frame.f_globals.get("__file__")
            return not handler.gives_up and (by_name or (isinstance(file, str) and load.owns(file)))
    return False


def _resolve_caught(handler: Handler, frame: FrameType) -> set[object]:
    """Return the classes that a handler catches, resolved by their names in a frame."""
    if handler.names is None:
        return {BaseException}
    scopes = _scopes(frame)
    values = [scopes.get(name) for name in handler.names]
    groups = [value if isinstance(value, tuple) else (value,) for value in values]
    return {each for group in groups for each in group if isinstance(each, type)}


def _scopes(frame: FrameType) -> ChainMap[str, Any]:
    return ChainMap(dict(frame.f_locals), frame.f_globals, vars(builtins))
