"""What identifies a task for a cache, as far as it is known before the run."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from kfpkit.forecasts.graph.open_values import OpenValue


class Likeness(enum.Enum):
    """Whether two tasks of a run have the same key."""

    SAME = enum.auto()
    POSSIBLE = enum.auto()
    NONE = enum.auto()


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """The key of a task, in parts.

    Args:
        base: The digest of everything but its inputs.
        inputs: The digests of its known inputs, by name.
        open: Its other inputs.
    """

    base: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, OpenValue] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """The outputs that its open inputs come from, each once."""
        every = (source for value in self.open.values() for source in value.sources)
        return tuple(dict.fromkeys(every))

    def compare(self, other: Fingerprint) -> Likeness:
        """Compare it with that of another task of the same run.

        Args:
            other: The other task's.
        """
        if self.base != other.base or self._names != other._names:
            return Likeness.NONE
        likeness = Likeness.SAME
        for name in self._names:
            found = self._compare_input(name, other)
            if found is Likeness.NONE:
                return found
            likeness = Likeness.POSSIBLE if found is Likeness.POSSIBLE else likeness
        return likeness

    @property
    def _names(self) -> set[str]:
        return {*self.inputs, *self.open}

    def _compare_input(self, name: str, other: Fingerprint) -> Likeness:
        ours, theirs = self.open.get(name), other.open.get(name)
        if ours is None and theirs is None:
            return Likeness.SAME if self.inputs[name] == other.inputs[name] else Likeness.NONE
        if ours is not None and theirs is not None and ours.sources == theirs.sources:
            return Likeness.SAME
        # What a task of this run makes is neither another's nor something older.
        is_made_here = any(each and (each.is_new or each.places) for each in (ours, theirs))
        return Likeness.NONE if is_made_here else Likeness.POSSIBLE
