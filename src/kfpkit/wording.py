"""The wording that messages share: names in lists, names that are near, and lines of output."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def quote_all(names: Iterable[object], *, empty: str = "none") -> str:
    """Return the names in backquotes, with commas between them.

    Args:
        names: What to list.
        empty: What to write where there are none.
    """
    return ", ".join(f"`{name}`" for name in names) or empty


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `name`, if one is like it at all."""
    near = difflib.get_close_matches(name, [*known], n=1, cutoff=0.5)
    return near[0] if near else None


def indent(lines: Iterable[object]) -> str:
    """Return the lines with two spaces in front of each, and without a line break at the end."""
    return "\n".join(f"  {line}" for line in lines)
