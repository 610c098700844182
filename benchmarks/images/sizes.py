"""Bytes of each image against the monolith, uncompressed and compressed as pushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import docker

from benchmarks.figures import Figure
from benchmarks.images.manifests import pushed_layers

MEGA = 1e6
# NCCL comes with XGBoost's ordinary name; the environments name its build without GPU libraries.
WEIGH = """
import pathlib, sysconfig, zlib
files = [path for path in pathlib.Path(sysconfig.get_path("purelib"), "nvidia").rglob("*")
         if path.is_file() and not path.is_symlink()]
packer = zlib.compressobj()
packed = sum(len(packer.compress(path.read_bytes())) for path in files) + len(packer.flush())
print(sum(path.stat().st_size for path in files), packed)
"""
RATIO_BARS = {"gcp": 1 / 8, "sklearn": 1 / 6.5, "lightgbm": 1 / 6.5, "xgboost-3": 1 / 6.5}
RATIO_BAR = 1 / 2
UNIQUE_BAR = 60.0
UNIQUE_BAR_OF = frozenset({"gcp", "sklearn", "lightgbm", "xgboost-3"})


def measure(engine: docker.DockerClient, images: Mapping[str, str], monolith: str) -> list[Figure]:
    """Compare images by environment with the monolith's image, all of them pushed."""
    layers = {name: pushed_layers(image) for name, image in images.items()}
    whole = _Bytes(unpacked=_unpacked(engine, monolith), packed=pushed_layers(monolith).compressed)
    nccl = _Bytes(*map(int, engine.containers.run(monolith, ["python3", "-c", WEIGH]).split()))
    lesser = _Bytes(whole.unpacked - nccl.unpacked, whole.packed - nccl.packed)
    figures = [*whole.figures("monolith"), *lesser.figures("monolith without NCCL")]
    for name, image in images.items():
        size = _Bytes(unpacked=_unpacked(engine, image), packed=layers[name].compressed)
        others = [other for key, other in layers.items() if key != name]
        figures += [
            *size.against(whole, name, "monolith", bar=RATIO_BARS.get(name, RATIO_BAR)),
            Figure(
                of=name,
                name="in no other image, compressed",
                value=layers[name].unique(others) / MEGA,
                unit="MB",
                bar=UNIQUE_BAR if name in UNIQUE_BAR_OF else None,
                below=True,
            ),
            *size.against(lesser, name, "monolith without NCCL", bar=None),
        ]
    return figures


@dataclass(frozen=True)
class _Bytes:
    """The bytes of an image: on a node, and as its registry sends them."""

    unpacked: int
    packed: int

    def figures(self, name: str) -> list[Figure]:
        return [
            Figure(of=name, name="uncompressed", value=self.unpacked / MEGA, unit="MB"),
            Figure(of=name, name="compressed", value=self.packed / MEGA, unit="MB"),
        ]

    def against(self, other: _Bytes, name: str, whole: str, *, bar: float | None) -> list[Figure]:
        note = "" if bar is not None else ", for information"
        sizes = {
            "uncompressed": self.unpacked / other.unpacked,
            "compressed": self.packed / other.packed,
        }
        return [
            Figure(of=name, name=f"/ {whole}, {kind}{note}", value=value, unit="x", bar=bar)
            for kind, value in sizes.items()
        ]


def _unpacked(engine: docker.DockerClient, image: str) -> int:
    size: int = engine.images.get(image).attrs["Size"]
    return size
