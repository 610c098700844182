"""Shared wording of messages: lists of names, similar names, and lines of output."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def quote_all(names: Iterable[object], *, empty: str = "none") -> str:
    """Return the names in backquotes, separated by commas.

    Args:
        names: The names to list.
        empty: The result if there are no names.
    """
    return ", ".join(f"`{name}`" for name in names) or empty


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to `name`, if any is similar."""
    near = difflib.get_close_matches(name, [*known], n=1, cutoff=0.5)
    return near[0] if near else None


def indent(lines: Iterable[object]) -> str:
    """Indent the lines by two spaces, without a line break at the end."""
    return "\n".join(f"  {line}" for line in lines)
