"""f-strings that only Python 3.12 and newer parse (PEP 701).

`ast.parse(feature_version=…)` knows newer statements but accepts these: the quotes of an f-string,
a backslash or a comment inside its braces. The tokens show them.
"""

from __future__ import annotations

import io
import token
import tokenize
from collections.abc import Iterator
from pathlib import Path

from kfpkit.errors import Place, UnparsableSourceError

FREE_FSTRINGS = 12


def refuse_free_fstrings(content: bytes, file: Path, python: str) -> None:
    """Refuse f-strings that an older Python does not parse.

    Raises:
        UnparsableSourceError: The first of them, with its line.
    """
    for line in free_fstrings(content):
        problem = "an f-string has its own quotes, a backslash or a comment inside its braces"
        raise UnparsableSourceError(place=Place(file, line), problem=problem, python=python)


def free_fstrings(content: bytes) -> Iterator[int]:
    """Yield the lines of what only Python 3.12 and newer accept inside braces."""
    start = getattr(token, "FSTRING_START", None)
    end = getattr(token, "FSTRING_END", None)
    quotes: list[str] = []
    for each in tokenize.tokenize(io.BytesIO(content).readline):
        text = each.string.lstrip("rRbBuUfF")
        if each.type == end:
            quotes.pop()
        elif quotes and each.type in {token.STRING, start}:
            if text.startswith(quotes[-1]) or "\\" in text:
                yield each.start[0]
        elif quotes and each.type == tokenize.COMMENT:
            yield each.start[0]
        if each.type == start:
            quotes.append(text)
