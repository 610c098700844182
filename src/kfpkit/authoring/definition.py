"""Finds the definition of a component's function, and refuses objects without one."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from kfp import dsl

from kfpkit.errors import NotAFunctionError, SourceUnavailableError
from kfpkit.place import Place
from kfpkit.specification import BaseComponent

# Code that `exec` runs. From Python 3.13 on, the line cache has the text of `python -c` under it.
_STRING = "<string>"
_NO_AUTHORS = (str(Path(__file__).parents[1]), str(Path(dsl.__file__).parents[1]))


def require_definition(function: object) -> None:
    """Refuse an object that isn't a function with a readable definition.

    Args:
        function: The object that `@kfpkit.component` decorates.

    Raises:
        NotAFunctionError: It has no Python code, or is bound to an object.
        SourceUnavailableError: Its source is neither in a file nor in a notebook cell.
    """
    if not isinstance(function, FunctionType):
        is_component = isinstance(function, BaseComponent)
        raise NotAFunctionError(
            place=find_caller_place(),
            name=getattr(function, "name" if is_component else "__name__", None),
            kind=_kind_of(function),
            is_component=is_component,
        )
    plain = inspect.unwrap(function)
    # A notebook's cells, too, are known to the line cache.
    if not _has_source(plain.__code__.co_filename, plain.__globals__):
        raise SourceUnavailableError(
            function=plain.__name__, file=plain.__code__.co_filename, place=find_caller_place()
        )


def find_place(function: Callable[..., Any]) -> Place:
    """Return the place where a function's definition starts, without its wrappers.

    Args:
        function: The function.
    """
    code = inspect.unwrap(function).__code__
    return Place(Path(code.co_filename), code.co_firstlineno)


def find_caller_place() -> Place:
    """Return the innermost line on the call stack that is outside kfpkit and kfp."""
    frame = sys._getframe(1)  # noqa: SLF001 - `inspect.stack` reads every file of the stack
    while frame.f_back is not None:
        file = frame.f_code.co_filename
        if not file.startswith(_NO_AUTHORS) and _has_source(file, frame.f_globals):
            break
        frame = frame.f_back
    return Place(Path(frame.f_code.co_filename), frame.f_lineno)


def _has_source(file: str, names: dict[str, Any]) -> bool:
    return file != _STRING and bool(linecache.getlines(file, names))


def _kind_of(function: object) -> str:
    kind = type(function)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
