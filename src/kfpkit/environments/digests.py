"""Digests of texts, and Poetry's own over what a lock is made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LENGTH = 16
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
_POETRY_KEYS = ("dependencies", "source", "extras", "dev-dependencies", "group")


def compute_digest(text: str) -> str:
    """Return the SHA-256 of a text, the same for every kind of line ending."""
    return hashlib.sha256(unify_line_endings(text).encode()).hexdigest()


def compute_short_digest(text: str) -> str:
    """Return the first 16 digits of a text's digest, which are enough where few are compared."""
    return compute_digest(text)[:LENGTH]


def compute_poetry_hash(pyproject: Mapping[str, Any]) -> str:
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


def unify_line_endings(text: str) -> str:
    """Write a text with the line endings of Linux, whatever a checkout made of them."""
    return text.replace("\r\n", "\n")
