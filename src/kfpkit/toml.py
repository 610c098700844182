"""TOML documents, and the tables in them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
