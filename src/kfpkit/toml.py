"""TOML documents, and the tables in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parse(text: str) -> Mapping[str, Any]:
    """Parse a document.

    Raises:
        ValueError: It isn't TOML.
    """
    document: dict[str, Any] = tomllib.loads(text)
    return document


def read_table(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return a table of a document. Empty if it doesn't exist.

    Args:
        document: The document.
        *keys: The path of the table: "tool", "kfpkit".

    Raises:
        ValueError: The value isn't a table.
    """
    for depth, key in enumerate(keys, start=1):
        document = document.get(key, {})
        if not isinstance(document, Mapping):
            # Nobody passed a wrong type: the file holds another value than it should.
            raise ValueError(f"`{'.'.join(keys[:depth])}` is not a table")  # noqa: TRY004
    return document


def locate_keys(text: str) -> Mapping[tuple[str, ...], int]:
    """Return the line of each table and key of a document, by its path from the top.

    The keys of an inline table have the line of the table.

    Args:
        text: A document that parses.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    statement, begin = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        begin = begin if statement else number
        statement += f"{line}\n"
        try:
            parsed = parse(statement)
        except ValueError:
            continue  # a value that goes on in the next line
        is_table = statement.lstrip().startswith("[")
        for path in _list_paths(parsed):
            table = path if is_table else table
            lines.setdefault(path if is_table else (*table, *path), begin)
        statement = ""
    return lines


def _list_paths(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the paths in a statement, the longest last."""
    for key, value in values.items():
        yield (key,)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            yield from ((key, *path) for path in _list_paths(inner))
