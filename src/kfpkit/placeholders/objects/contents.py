"""Finds placeholders inside values and annotations."""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterable, Mapping
from types import FrameType, ModuleType
from typing import Any

from kfpkit.errors import Absence
from kfpkit.placeholders.objects.modules import MissingModule
from kfpkit.placeholders.objects.origin import Origin, modules
from kfpkit.placeholders.objects.placeholder import MARK, Placeholder, is_bare, origin_of
from kfpkit.placeholders.objects.refusals import make_absence

_DESCRIPTION = re.compile(rf"{re.escape(MARK)}([\w.]+)")
_DEPTH = 20


def find_placeholder(value: Any, *, depth: int = _DEPTH) -> Any:
    """Find a placeholder in a value.

    Args:
        value: The value. Lists, dictionaries and the like are searched, and strings for a library's
            description of a placeholder.
        depth: The depth of the search.

    Returns:
        A placeholder, or an instance of a subclass of one. None if there is none.
    """
    if isinstance(value, str):
        return _find_described(value) if MARK in value else None
    # Quicker than to ask for the classes themselves, which have a metaclass of their own.
    if is_bare(value) or isinstance(type(value), Placeholder) or isinstance(value, MissingModule):
        return value
    if depth and isinstance(value, Mapping):
        return _first((*value.keys(), *value.values()), depth)
    if depth and isinstance(value, list | tuple | set | frozenset):
        return _first(value, depth)
    return None


def find_in_annotation(annotation: Any) -> Any:
    """Find a placeholder in an annotation, such as `dsl.Input[pd.DataFrame]`."""
    found = find_placeholder(annotation)
    if found is not None:
        return found
    inner = (*typing.get_args(annotation), *getattr(annotation, "__metadata__", ()))
    return next((each for each in map(find_in_annotation, inner) if each is not None), None)


def _find_described(text: str) -> ModuleType | None:
    """Return the package of a placeholder that a string describes."""
    found = _DESCRIPTION.search(text)
    return modules.get(found[1]) if found else None


def _first(values: Iterable[Any], depth: int) -> Any:
    found = (find_placeholder(each, depth=depth - 1) for each in values)
    return next((each for each in found if each is not None), None)


def describe_absence(placeholder: Any, asker: FrameType | None = None) -> Absence:
    """Return the facts about a placeholder that was found.

    Args:
        placeholder: The placeholder.
        asker: The frame that contains it (default: the calling frame).
    """
    return make_absence(_origin(placeholder), asker or sys._getframe(1))


def _origin(placeholder: Any) -> Origin:
    if isinstance(placeholder, MissingModule):
        path = placeholder.__name__
        return Origin(package=placeholder.__placeholder_package__, path=path, is_name=True)
    return origin_of(placeholder)
