"""Builds, checks, pushes and attests images."""

from __future__ import annotations

from kfpkit.images.building.attestations import (
    attest,
)
from kfpkit.images.building.building import (
    Step,
    build,
)
from kfpkit.images.building.making import (
    Image,
)

__all__ = ["Image", "Step", "attest", "build"]
