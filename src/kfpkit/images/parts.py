"""What an image is made from, part by part, and the labels that tell it.

The content hash says that something differs; the parts, kept in a label of each image, say what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from kfpkit.environments import Environment
from kfpkit.environments.environment import RUNTIME_FILE
from kfpkit.images.revision import revision_of

HASH_LABEL = "dev.kfpkit.content-hash"
PARTS_LABEL = "dev.kfpkit.parts"
_DIGITS = 16


def parts_of(environment: Environment) -> dict[str, str]:
    """Return what decides an environment's content hash, each part by its name.

    Short texts stand as they are; files are digests.
    """
    pyproject = json.dumps(environment.document, sort_keys=True, default=str)
    return {
        "base image": environment.base_image,
        "Python": environment.python,
        "kfp": environment.runtime.version,
        "lock": environment.lock_digest[:_DIGITS],
        "pyproject.toml": _digest(pyproject),
        "Dockerfile": _digest(environment.recipe),
        RUNTIME_FILE: _digest(environment.runtime_requirements.read_text(encoding="utf-8")),
    }


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Say in which parts two states differ: `lock`, `base image (python:3.11 → python:3.12)`.

    A part that was not recorded before, by an older kfpkit, is passed over.
    """
    spelled_out = {"base image", "Python", "kfp"}
    return tuple(
        f"{name} ({before[name]} → {value})" if name in spelled_out else name
        for name, value in now.items()
        if before.get(name, value) != value
    )


def labels_of(environment: Environment, *, base_image: str) -> dict[str, str]:
    """Return the labels of an environment's image.

    Args:
        environment: The environment.
        base_image: The image that it is really built from.

    Returns:
        The labels; among them the base image's digest where its name has one.
    """
    labels = {
        "dev.kfpkit.environment": environment.name,
        HASH_LABEL: environment.content_hash,
        "dev.kfpkit.kfp-version": environment.runtime.version,
        PARTS_LABEL: json.dumps(parts_of(environment), separators=(",", ":")),
        "org.opencontainers.image.base.name": base_image,
        "org.opencontainers.image.title": environment.name,
    }
    if digest := base_image.partition("@")[2]:
        labels["org.opencontainers.image.base.digest"] = digest
    if revision := revision_of(environment):
        labels["org.opencontainers.image.revision"] = revision
    return labels


def recorded_parts(labels: Mapping[str, str]) -> dict[str, str]:
    """Read the parts from an image's labels; empty when they are not there."""
    try:
        found = json.loads(labels.get(PARTS_LABEL, "{}"))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:_DIGITS]
