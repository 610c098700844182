"""Finds syntax that is newer than the environment's Python, using a newer Python.

`ast.parse(feature_version=…)` checks statements against a version. This module finds newer syntax
that it accepts: f-strings, their formats, and stars in an index. If Python's tokenizer fails, an
interpreter of that version parses the source, if the machine has one.
"""

from __future__ import annotations

import ast
import functools
import tokenize
from collections.abc import Iterator
from pathlib import Path

from kfpkit.bundle.fstrings import FREE_FSTRINGS, PROBLEM, find_free_fstrings
from kfpkit.bundle.reading import PYTHON, Fault, minor_of, parse, parse_with
from kfpkit.errors import UnparsableSourceError
from kfpkit.place import Place

_STARRED_ITEMS = 11
_DEEPEST = 2


def refuse_newer_syntax(content: bytes, file: Path, python: str) -> None:
    """Refuse source that a Python older than the running one doesn't parse.

    Raises:
        UnparsableSourceError: A line is too new. The error names the first one.
    """
    if minor_of(python) >= minor_of(PYTHON):
        return
    tree = parse(content, file, python)
    found = list(_find_newer_syntax(tree, minor_of(python)))
    if minor_of(python) < FREE_FSTRINGS <= minor_of(PYTHON):
        lines = _find_free_fstrings(content)
        found += [(line, PROBLEM) for line in lines or ()]
        judged = parse_with(python, content) if lines is None else None
        found += [(judged.line or 1, judged.problem)] if isinstance(judged, Fault) else []
    if found:
        line, problem = min(found)
        raise UnparsableSourceError(place=Place(file, line), problem=problem, python=python)


@functools.lru_cache(maxsize=4096)
def _find_free_fstrings(content: bytes) -> tuple[int, ...] | None:
    """Return the lines of newer f-strings. None if the tokenizer fails."""
    try:
        return tuple(find_free_fstrings(content))
    except (SyntaxError, SystemError, tokenize.TokenError):
        # Python 3.12 and 3.13 lose their way in some f-strings that they parse.
        return None


def _find_newer_syntax(tree: ast.Module, minor: int) -> Iterator[tuple[int, str]]:
    if minor < FREE_FSTRINGS <= minor_of(PYTHON):
        yield from (
            (line, "an f-string has formats of formats of formats")
            for line in _find_deep_formats(tree)
        )
    if minor < _STARRED_ITEMS:
        problem = "an index or an annotation begins with `*`"
        yield from ((line, problem) for line in _find_starred(tree))


def _find_deep_formats(tree: ast.AST, depth: int = 0) -> Iterator[int]:
    """Yield the lines of expressions in formats that are nested too deep."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FormattedValue):
            if depth >= _DEEPEST:
                yield node.lineno
            yield from _find_deep_formats(node.value)
            yield from _find_deep_formats(node.format_spec, depth + 1) if node.format_spec else ()
        else:
            yield from _find_deep_formats(node, depth if isinstance(node, ast.JoinedStr) else 0)


def _find_starred(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of `a[*b]` and `*args: *Ts`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Starred):
            yield node.lineno
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            items = node.slice
            parenthesized = items.elts and items.elts[0].col_offset > items.col_offset
            if not parenthesized and any(isinstance(each, ast.Starred) for each in items.elts):
                yield node.lineno
