"""Values that describe what code may change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that code may change. Exactly one of the first four fields is set.

    Args:
        name: A name in the code's scope. Its object changes.
        variable: A module's variable: the module's name and the variable's.
        process: The dotted name that sets state of the process.
        library: The dotted name of a library that may keep something.
        deep: Whether the object's elements or parts may change too.
        asks: A method that is called on the object if the object's class is unknown.
        handed: Whether the object is only passed to code that isn't read.
        thrown_away: Whether the result of a library call is unused.
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
        parameters: Parameters with objects that it may change.
        deep: Those of them with elements or parts that may change too.
        asked: Parameters on which methods are called, with these methods.
        changes: Everything else.
    """

    parameters: frozenset[str] = frozenset()
    deep: frozenset[str] = frozenset()
    asked: frozenset[tuple[str, str]] = frozenset()
    changes: tuple[Change, ...] = ()

    def joined(self, other: Writes) -> Writes:
        """Return the union of two changes."""
        changes = tuple(dict.fromkeys([*self.changes, *other.changes]))
        return Writes(
            parameters=self.parameters | other.parameters,
            deep=self.deep | other.deep,
            asked=self.asked | other.asked,
            changes=changes,
        )


# What code may change that is too much to be read.
ANYTHING = Change(variable=("", ""))
