"""What decides whether two states of an environment are the same.

Two fingerprints: ours over everything that goes into an image, and Poetry's over the part of a
`pyproject.toml` that a lock is made from, which Poetry writes into the lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_LENGTH = 16
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
_POETRY_KEYS = ("dependencies", "source", "extras", "dev-dependencies", "group")


def content_hash(*, pyproject: Mapping[str, Any] | None = None, **parts: str | None) -> str:
    """Hash what an image or a virtual environment is made from.

    Whatever the folder, the line ends or the order of keys.

    Args:
        pyproject: The parsed `pyproject.toml`, where all of it matters.
        **parts: Texts by name; None stands for a file that does not exist.

    Returns:
        16 hexadecimal digits.
    """
    canonical = json.dumps(
        {"pyproject": pyproject, **{name: _same_line_ends(text) for name, text in parts.items()}},
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()[:_LENGTH]


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text, the same for every kind of line end."""
    return hashlib.sha256(str(_same_line_ends(text)).encode()).hexdigest()


def short_digest(text: str) -> str:
    """Return the first 16 digits of a text's digest, which are enough where few are compared."""
    return text_digest(text)[:_LENGTH]


def poetry_content_hash(pyproject: Mapping[str, Any]) -> str:
    """Compute what Poetry 2 writes as `content-hash` into a lock made from this `pyproject.toml`.

    Without a Poetry process, so that every compilation can afford it. Legacy projects, those with
    neither `[project]` nor `[dependency-groups]`, are none that kfpkit accepts.
    """
    project = pyproject.get("project", {})
    poetry = pyproject.get("tool", {}).get("poetry", {})
    groups = pyproject.get("dependency-groups", {})
    relevant: dict[str, Any] = {
        "project": {key: project[key] for key in _PROJECT_KEYS if key in project},
        "tool": {"poetry": {key: poetry[key] for key in _POETRY_KEYS if key in poetry}},
    }
    if groups:
        relevant["dependency-groups"] = groups
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def locked_content_hash(lock: str) -> str:
    """Read the `content-hash` that Poetry wrote at the end of a lock; "" when there is none."""
    _, _, rest = lock.rpartition('\ncontent-hash = "')
    return rest.partition('"')[0] if rest != lock else ""


def _same_line_ends(text: str | None) -> str | None:
    return None if text is None else text.replace("\r\n", "\n")
