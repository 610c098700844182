"""Bytes of each image against the monolith, uncompressed and compressed as pushed."""

from __future__ import annotations

from collections.abc import Mapping

import docker

from benchmarks.figures import Figure
from benchmarks.images.manifests import pushed_layers

MEGA = 1e6
RATIO_BARS = {"gcp": 1 / 8, "sklearn": 1 / 6.5, "lightgbm": 1 / 6.5, "xgboost-3": 1 / 6.5}
RATIO_BAR = 1 / 2
UNIQUE_BAR = 60.0
UNIQUE_BAR_OF = frozenset({"gcp", "sklearn", "lightgbm", "xgboost-3"})


def measure(engine: docker.DockerClient, images: Mapping[str, str], monolith: str) -> list[Figure]:
    """Compare images by environment with the monolith's image, all of them pushed."""
    layers = {name: pushed_layers(image) for name, image in images.items()}
    whole = pushed_layers(monolith).compressed
    whole_unpacked = engine.images.get(monolith).attrs["Size"]
    figures = [
        Figure(name="monolith, uncompressed", value=whole_unpacked / MEGA, unit="MB"),
        Figure(name="monolith, compressed", value=whole / MEGA, unit="MB"),
    ]
    for name, image in images.items():
        unpacked = engine.images.get(image).attrs["Size"]
        others = [other for key, other in layers.items() if key != name]
        compressed = layers[name].compressed
        figures += [
            Figure(name=f"{name}, uncompressed", value=unpacked / MEGA, unit="MB"),
            _against(name, "uncompressed", unpacked / whole_unpacked),
            Figure(name=f"{name}, compressed", value=compressed / MEGA, unit="MB"),
            _against(name, "compressed", compressed / whole),
            Figure(
                name=f"{name}, layers that no other image has, compressed",
                value=layers[name].unique(others) / MEGA,
                unit="MB",
                bar=UNIQUE_BAR if name in UNIQUE_BAR_OF else None,
                below=True,
            ),
        ]
    return figures


def _against(name: str, kind: str, value: float) -> Figure:
    bar = RATIO_BARS.get(name, RATIO_BAR)
    return Figure(name=f"{name} / monolith, {kind}", value=value, unit="x", bar=bar)
