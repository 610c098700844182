"""What a call of a placeholder does: whether it decorates, and whether it takes code along."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import CoroutineType, FrameType, FunctionType, GeneratorType, MethodType
from typing import Any

from kfpkit.placeholders import load
from kfpkit.placeholders.objects.origin import Origin
from kfpkit.placeholders.sources import Decoration, read_source

_CODE = (FunctionType, MethodType, GeneratorType, CoroutineType, functools.partial)
_DEPTH = 3


def decorates(
    origin: Origin, arguments: tuple[Any, ...], options: Mapping[str, Any], caller: FrameType
) -> bool:
    """Say whether a call applies a decorator, so that it returns what it is given.

    The source says what is decorated. A decorator of the author that calls a placeholder with what
    it decorates counts too.

    Args:
        origin: That of what is called.
        arguments: Its arguments by position.
        options: Its arguments by name.
        caller: The frame that calls.
    """
    if len(arguments) != 1 or options:
        return False
    frame: FrameType | None = caller
    while frame is not None and load.is_authors(frame):
        decoration = read_source(frame.f_code.co_filename).decorations.get(frame.f_lineno)
        if decoration is not None:
            return _is_defined_there(arguments[0], decoration, frame) or (
                frame is caller and _is_decorator(origin, decoration, frame)
            )
        frame = frame.f_back
    return False


def _is_defined_there(value: object, decoration: Decoration, frame: FrameType) -> bool:
    """Say whether a value is what is decorated, which no name is bound to yet."""
    is_new = frame.f_locals.get(decoration.name) is not value
    return is_new and _name_of(value) == decoration.name


def _is_decorator(origin: Origin, decoration: Decoration, frame: FrameType) -> bool:
    """Tell a decorator from the call that makes it, which runs on the same line."""
    return not decoration.is_call or origin.called_at == (
        frame.f_code.co_filename,
        frame.f_lineno,
    )


def _name_of(value: object) -> object:
    if isinstance(value, classmethod | staticmethod):
        value = value.__func__
    elif isinstance(value, property):
        value = value.fget
    elif isinstance(value, functools.cached_property):
        value = value.func
    return getattr(value, "__name__", None)


def holds_code(value: object, *, depth: int = _DEPTH) -> bool:
    """Say whether a value is or has functions of the author, or components.

    Args:
        value: The value.
        depth: How deep lists and dictionaries are searched.
    """
    if isinstance(value, Mapping) and depth:
        return any(holds_code(each, depth=depth - 1) for each in value.values())
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return any(holds_code(each, depth=depth - 1) for each in value)
    return isinstance(value, _CODE) or (callable(value) and _is_of_kfp(type(value)))


def _is_of_kfp(kind: type) -> bool:
    return any(base.__module__.partition(".")[0] == "kfp" for base in kind.__mro__)
