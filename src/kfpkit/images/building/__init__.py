"""Builds, checks, pushes and attests images."""

from __future__ import annotations

from kfpkit.images.building.attestations import attest
from kfpkit.images.building.image import Image
from kfpkit.images.building.images import Step, StepListener, build

__all__ = ["Image", "Step", "StepListener", "attest", "build"]
