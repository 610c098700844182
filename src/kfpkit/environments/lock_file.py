"""What stands in a `poetry.lock`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = frozenset({"name", "version", "files"})


def parse(text: str) -> Mapping[str, Any]:
    """Parse a lock.

    Args:
        text: The file's text.

    Returns:
        Its content, with a list of packages under `package`.

    Raises:
        ValueError: It is no TOML, or has other content than Poetry writes.
    """
    content: dict[str, Any] = tomllib.loads(text)
    packages = content.get("package")
    if isinstance(packages, list) and all(map(_is_package, packages)):
        return content
    raise ValueError("it has no list of packages with names, versions and files")


def _is_package(entry: object) -> bool:
    return isinstance(entry, Mapping) and set(entry) >= _KEYS
