"""Values that tasks will produce."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class OpenValue:
    """A value that isn't known before the run.

    Args:
        sources: The outputs that it comes from, `TASK.OUTPUT`.
        is_new: Whether no earlier task can have had it.
        places: For artifacts that will be in the run's own folder, their places in it. Empty for
            an artifact that may be elsewhere.
    """

    sources: tuple[str, ...]
    is_new: bool = False
    places: tuple[str, ...] = ()


def find_open(value: Any) -> OpenValue | None:
    """Return what is open in a value. None if the value is known.

    Args:
        value: A value, an artifact, or a list of outputs of a loop's iterations.
    """
    if isinstance(value, OpenValue):
        return value
    if not isinstance(value, list):
        return None
    return merge_open(value) if any(find_open(each) for each in value) else None


def merge_open(values: Iterable[Any]) -> OpenValue:
    """Return what is open in a list of values, of which at least one is.

    Args:
        values: The values.
    """
    every = [(value, find_open(value)) for value in values]
    some = [found for _, found in every if found is not None]
    places = [_list_places(value) if found is None else found.places for value, found in every]
    return OpenValue(
        sources=tuple(dict.fromkeys(source for each in some for source in each.sources)),
        is_new=any(each.is_new for each in some),
        # Without the number of artifacts before it, a place in the list tells nothing.
        places=tuple(place for each in places for place in each) if all(places) else (),
    )


def _list_places(known: Any) -> tuple[str, ...]:
    return ("",) * (len(known) if isinstance(known, list) else 1)
