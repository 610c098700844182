"""The values of several runs, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ABSENT = None
"""What a run has in a row whose value it does not have."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A value of several runs.

    Args:
        group: What it belongs to, such as a task or an environment. Empty for nothing.
        name: Its name.
        values: One for each run, in their order. None for a run without it.
    """

    group: str = ""
    name: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether the value of a run differs from that of the first."""
        return any(value != self.values[0] for value in self.values)

    @property
    def change(self) -> float | None:
        """The difference of the last value from the first. None unless both are numbers."""
        first, last = self.values[0], self.values[-1]
        if _is_number(first) and _is_number(last):
            return float(last - first)
        return None


def align(maps: Sequence[Mapping[tuple[str, str], Any]]) -> tuple[Row, ...]:
    """Put the values of several runs side by side.

    Args:
        maps: For each run, its values by group and name.

    Returns:
        A row for each group and name, in the order of the first run that has it.
    """
    return tuple(
        Row(group=group, name=name, values=tuple(values.get((group, name)) for values in maps))
        for group, name in _list_keys(maps)
    )


def _list_keys(maps: Iterable[Mapping[tuple[str, str], Any]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(key for values in maps for key in values))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
