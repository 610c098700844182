"""Finds f-strings that only Python 3.12 and newer parse (PEP 701).

`ast.parse(feature_version=…)` detects newer statements but accepts these f-strings. Older versions
look for the end of an f-string first, and only then for the expressions in it. Inside the braces,
they therefore allow none of its own quotes, no backslash, no comment, and no line break unless its
quotes are triple. The tokens show all of this.
"""

from __future__ import annotations

import io
import token
import tokenize
from collections.abc import Iterator

FREE_FSTRINGS = 12
PROBLEM = "an f-string has its own quotes, a backslash, a comment or a new line inside its braces"
_TRIPLE = 3


def find_free_fstrings(content: bytes) -> Iterator[int]:
    """Yield the lines with syntax that only Python 3.12 and newer accept inside braces."""
    start = getattr(token, "FSTRING_START", None)
    end = getattr(token, "FSTRING_END", None)
    literal = {end, getattr(token, "FSTRING_MIDDLE", None)}
    quotes: list[str] = []
    row = found = 0
    previous = ""
    for each in tokenize.tokenize(io.BytesIO(content).readline):
        # The text of an f-string is inside the braces of those around it, and not of its own.
        around = quotes[:-1] if each.type in literal else quotes
        moved = each.start[0] > row
        if around and (
            each.type == tokenize.COMMENT
            or "\\" in each.string
            or (moved and previous.rstrip("\r\n").endswith("\\"))
            or any(quote in each.string for quote in around)
            or ((moved or each.end[0] > each.start[0]) and min(map(len, around)) < _TRIPLE)
        ):
            yield from () if found == each.start[0] else (each.start[0],)
            found = each.start[0]
        if each.type == start:
            quotes.append(each.string.lstrip("rRbBuUfF"))
        elif each.type == end:
            quotes.pop()
        row, previous = each.end[0], each.line
