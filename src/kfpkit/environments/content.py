"""What an environment's image is made from, part by part.

The content hash says that something differs; the parts, kept in a label of each image, say what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.environments.digests import LENGTH, compute_short_digest, unify_line_endings

_SPELLED_OUT = frozenset({"base image", "Python", "kfp"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that an image is made from.

    Args:
        name: What people call it.
        key: Its name in what is hashed.
        content: Its text, or a parsed document.
    """

    name: str
    key: str
    content: str | Mapping[str, Any]

    @property
    def told(self) -> str:
        """The content where it is short, and its digest where it is a file's."""
        if isinstance(self.content, Mapping):
            return compute_short_digest(json.dumps(self.content, sort_keys=True, default=str))
        return self.content if self.name in _SPELLED_OUT else compute_short_digest(self.content)


def compute_content_hash(parts: Iterable[Part]) -> str:
    """Hash parts, whatever the folder, the line endings or the order of keys.

    Returns:
        16 hexadecimal digits.
    """
    hashed = {part.key: _canonical(part.content) for part in parts}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def describe_changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Say in which parts two states differ: `lock`, `base image (python:3.11 → python:3.12)`.

    A part that was not recorded before, by an older kfpkit, is passed over.
    """
    return tuple(
        f"{name} ({before[name]} → {value})" if name in _SPELLED_OUT else name
        for name, value in now.items()
        if before.get(name, value) != value
    )


def _canonical(content: str | Mapping[str, Any]) -> str | Mapping[str, Any]:
    return unify_line_endings(content) if isinstance(content, str) else content
