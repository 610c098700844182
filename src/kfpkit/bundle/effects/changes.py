"""What code may change, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that code may change; exactly one of the first four is set.

    Args:
        name: A name in the scope of the code, whose object changes.
        variable: A module's variable, as the module's name and its own.
        process: What sets state of the process, dotted.
        library: What a library may keep for itself, dotted.
        deep: Whether what the object holds or was made of may change too.
        asks: A method of the object that is called, where nothing shows whose it is.
        handed: Whether the object is only handed to code that is not read.
        thrown_away: Whether a library is called for its effect alone.
    """

    name: str = ""
    variable: tuple[str, str] | None = None
    process: str = ""
    library: str = ""
    deep: bool = False
    asks: str = ""
    handed: bool = False
    thrown_away: bool = False


@dataclass(frozen=True, kw_only=True)
class Writes:
    """What a call of a function may change.

    Args:
        parameters: Parameters whose objects it may change.
        deep: Those of them of which what they hold may change too.
        asked: Parameters of which methods are called, with those.
        changes: Everything else.
    """

    parameters: frozenset[str] = frozenset()
    deep: frozenset[str] = frozenset()
    asked: frozenset[tuple[str, str]] = frozenset()
    changes: tuple[Change, ...] = ()

    def joined(self, other: Writes) -> Writes:
        """Return what either of two changes."""
        changes = tuple(dict.fromkeys([*self.changes, *other.changes]))
        return Writes(
            parameters=self.parameters | other.parameters,
            deep=self.deep | other.deep,
            asked=self.asked | other.asked,
            changes=changes,
        )


# What code may change that is too much to be read.
ANYTHING = Change(variable=("", ""))
