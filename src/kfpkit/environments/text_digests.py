"""Digests of strings, and Poetry's own digest of the content of a lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LENGTH = 16
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
_POETRY_KEYS = ("dependencies", "source", "extras", "dev-dependencies", "group")


def compute_digest(text: str) -> str:
    """Return the SHA-256 of a string, independent of its line endings."""
    return hashlib.sha256(unify_line_endings(text).encode()).hexdigest()


def compute_short_digest(text: str) -> str:
    """Return the first 16 digits of a string's digest, enough to compare a few of them."""
    return compute_digest(text)[:LENGTH]


def compute_poetry_hash(pyproject: Mapping[str, Any]) -> str:
    """Compute the `content-hash` that Poetry 2 writes into a lock for this `pyproject.toml`.

    This doesn't start Poetry, so every compilation can afford it. kfpkit doesn't accept legacy
    projects, which have neither `[project]` nor `[dependency-groups]`.
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


def unify_line_endings(text: str) -> str:
    """Convert line endings to those of Linux, whatever a checkout made of them."""
    return text.replace("\r\n", "\n")
