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
        handed: Whether the object is only handed to code that is not read.
        thrown_away: Whether a library is called for its effect alone.
    """

    name: str = ""
    variable: tuple[str, str] | None = None
    process: str = ""
    library: str = ""
    deep: bool = False
    handed: bool = False
    thrown_away: bool = False


@dataclass(frozen=True, kw_only=True)
class Writes:
    """What a call of a function may change.

    Args:
        parameters: Parameters whose objects it may change.
        deep: Those of them of which what they hold may change too.
        changes: Everything else.
    """

    parameters: frozenset[str] = frozenset()
    deep: frozenset[str] = frozenset()
    changes: tuple[Change, ...] = ()
