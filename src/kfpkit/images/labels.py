"""The labels of an image, which record what it was built from."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kfpkit.environments import Environment
from kfpkit.images.base import BaseImage
from kfpkit.images.revision import ask_revision

HASH_LABEL = "dev.kfpkit.content-hash"
PARTS_LABEL = "dev.kfpkit.parts"
BASE_NAME_LABEL = "org.opencontainers.image.base.name"
BASE_DIGEST_LABEL = "org.opencontainers.image.base.digest"
REVISION_LABEL = "org.opencontainers.image.revision"


def make_labels(environment: Environment, *, base: BaseImage) -> dict[str, str]:
    """Return the labels of an environment's image.

    Args:
        environment: The environment.
        base: The base image that is actually used.

    Returns:
        The labels, including the base image's digest if it is known.
    """
    labels = {
        "dev.kfpkit.environment": environment.name,
        HASH_LABEL: environment.content.hash,
        "dev.kfpkit.kfp-version": environment.content.runtime.version,
        PARTS_LABEL: json.dumps(environment.content.parts, separators=(",", ":")),
        BASE_NAME_LABEL: base.name,
        "org.opencontainers.image.title": environment.name,
    }
    if base.digest:
        labels[BASE_DIGEST_LABEL] = base.digest
    if revision := ask_revision(environment):
        labels[REVISION_LABEL] = revision
    return labels


def read_parts(labels: Mapping[str, str]) -> dict[str, str]:
    """Read the parts from an image's labels. Empty if the labels are missing."""
    try:
        found = json.loads(labels.get(PARTS_LABEL, "{}"))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
