"""Determines whether a call of a placeholder is a decorator, and whether it receives functions."""

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
    """Return whether a call applies a decorator, so that it returns its argument.

    The source shows which object is decorated. A decorator of the author that calls a placeholder
    with the decorated object counts too.

    Args:
        origin: The origin of the called placeholder.
        arguments: Its positional arguments.
        options: Its keyword arguments.
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
    """Return whether a value is the decorated object, to which no name is bound yet."""
    is_new = frame.f_locals.get(decoration.name) is not value
    return is_new and _name_of(value) == decoration.name


def _is_decorator(origin: Origin, decoration: Decoration, frame: FrameType) -> bool:
    """Distinguish a decorator from the call that creates it, which runs on the same line."""
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
    """Return whether a value is or contains functions of the author, or components.

    Args:
        value: The value.
        depth: The depth to which lists and dictionaries are searched.
    """
    if isinstance(value, Mapping) and depth:
        return any(holds_code(each, depth=depth - 1) for each in value.values())
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return any(holds_code(each, depth=depth - 1) for each in value)
    return isinstance(value, _CODE) or (callable(value) and _is_of_kfp(type(value)))


def _is_of_kfp(kind: type) -> bool:
    return any(base.__module__.partition(".")[0] == "kfp" for base in kind.__mro__)
