"""The labels of an image, which tell what it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kfpkit.environments import Environment
from kfpkit.images.revision import revision_of

HASH_LABEL = "dev.kfpkit.content-hash"
PARTS_LABEL = "dev.kfpkit.parts"


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
        PARTS_LABEL: json.dumps(environment.parts, separators=(",", ":")),
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
