"""Filters of lists, after https://google.aip.dev/160, as conditions of SQL.

`syntax` reads a filter as a tree of restrictions, `conditions` writes the tree as SQL. A filter
that can't be answered correctly is refused with INVALID_ARGUMENT.
"""

from __future__ import annotations

from .conditions import Field, Fields, write_condition
from .syntax import parse_filter

__all__ = ["Field", "Fields", "parse_filter", "write_condition"]
