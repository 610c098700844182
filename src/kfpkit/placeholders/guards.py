"""Whether anybody around an import statement counts on its failing.

This is decided on the call stack, so that a module which is imported under a guard is covered with
all that it imports.
"""

from __future__ import annotations

import builtins
from collections import ChainMap
from types import FrameType

from kfpkit.placeholders.load import Load
from kfpkit.placeholders.sources import Guard, Handler, read_source

_MODULE = "<module>"
_BY_NAME = frozenset({ImportError, ModuleNotFoundError})


def is_guarded(frame: FrameType, load: Load) -> bool:
    """Say whether a fallback follows if an import fails.

    In the author's own code, any handler that catches the failure counts. In libraries, only one
    that names `ImportError` does, since threads and executors catch everything and hand it on.

    Args:
        frame: The frame with the import statement.
        load: The load that the import belongs to; what called it is not asked.
    """
    asked: FrameType | None = frame
    while asked is not None and asked not in load.border:
        if _is_guarded_here(asked, load):
            return True
        asked = asked.f_back
    return False


def _is_guarded_here(frame: FrameType, load: Load) -> bool:
    code = frame.f_code
    line = frame.f_lineno
    guards = read_source(code.co_filename).guards if line else ()
    start = None if code.co_name == _MODULE else code.co_firstlineno
    return any(guard.covers(line, start) and _has_fallback(guard, frame, load) for guard in guards)


def _has_fallback(guard: Guard, frame: FrameType, load: Load) -> bool:
    """Say whether the first handler that catches a failing import goes on without it."""
    for handler in guard.handlers:
        caught = _caught(handler, frame)
        by_name = not caught.isdisjoint(_BY_NAME)
        if by_name or not caught.isdisjoint(ModuleNotFoundError.__mro__):
            file = frame.f_globals.get("__file__")
            return not handler.gives_up and (by_name or (isinstance(file, str) and load.owns(file)))
    return False


def _caught(handler: Handler, frame: FrameType) -> set[object]:
    """Return the classes that a handler catches, as their names are bound in a frame."""
    if handler.names is None:
        return {BaseException}
    scopes = ChainMap(frame.f_locals, frame.f_globals, vars(builtins))
    values = [scopes.get(name) for name in handler.names]
    groups = [value if isinstance(value, tuple) else (value,) for value in values]
    return {each for group in groups for each in group if isinstance(each, type)}
