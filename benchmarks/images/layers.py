"""What images weigh by themselves, and what a node pulls for the training pipeline."""

from __future__ import annotations

from collections.abc import Mapping

import docker

from benchmarks.figures import Figure
from benchmarks.images.manifests import Layers, pushed_layers
from benchmarks.images.tasks import Tasks

MEGA = 1e6
UNCOMPRESSED_BARS = {"gcp": 320.0}
COMPRESSED_BARS = {"gcp": 110.0, "sklearn": 135.0}
ON_ONE_NODE_BAR = 190.0


def measure(engine: docker.DockerClient, images: Mapping[str, str]) -> list[Figure]:
    """Weigh images by environment, all of them pushed and pulled.

    Args:
        engine: An engine that has the images.
        images: The image references by environment.
    """
    layers = {name: pushed_layers(image) for name, image in images.items()}
    figures = _on_one_node(layers)
    for name, image in images.items():
        size: int = engine.images.get(image).attrs["Size"]
        figures += [
            _megabytes(name, "uncompressed", size, UNCOMPRESSED_BARS.get(name)),
            _megabytes(name, "compressed", layers[name].compressed, COMPRESSED_BARS.get(name)),
        ]
    return figures


def _on_one_node(layers: Mapping[str, Layers]) -> list[Figure]:
    """Add up what a node pulls for all tasks of the training pipeline, each layer once."""
    names = dict.fromkeys(Tasks().environments)
    if not names.keys() <= layers.keys():
        return []
    pulled = {digest: size for name in names for digest, size in layers[name].sizes.items()}
    return [
        Figure(
            name="the training pipeline's images on one node, compressed",
            value=sum(pulled.values()) / MEGA,
            unit="MB",
            bar=ON_ONE_NODE_BAR,
        )
    ]


def _megabytes(environment: str, name: str, size: int, bar: float | None) -> Figure:
    return Figure(of=environment, name=name, value=size / MEGA, unit="MB", bar=bar)
