"""Moved to `kfpkit.images.labels` and `Environment.parts`."""

from kfpkit.environments import Environment
from kfpkit.images.labels import HASH_LABEL

__all__ = ["HASH_LABEL", "parts_of"]


def parts_of(environment: Environment) -> dict[str, str]:
    """Return what decides an environment's content hash."""
    return environment.parts
