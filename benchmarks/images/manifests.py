"""What a registry says about an image: its layers as they were pushed, and their sizes."""

from __future__ import annotations

from dataclasses import dataclass

import requests  # type: ignore[import-untyped] # requests ships no types

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True, kw_only=True)
class Layers:
    """An image's layers.

    Args:
        sizes: The compressed bytes of each layer, by digest.
    """

    sizes: dict[str, int]

    @property
    def compressed(self) -> int:
        """The bytes of all layers as they were pushed."""
        return sum(self.sizes.values())

    def unique(self, others: list[Layers]) -> int:
        """Return the bytes of the layers that no other image has."""
        shared = {digest for other in others for digest in other.sizes}
        return sum(size for digest, size in self.sizes.items() if digest not in shared)


def pushed_layers(reference: str) -> Layers:
    """Ask the registry for an image's layers.

    Args:
        reference: `HOST:PORT/NAME:TAG`, of a registry on loopback.

    Returns:
        Its layers.
    """
    repository, _, tag = reference.rpartition(":")
    host, _, name = repository.partition("/")
    answer = requests.get(
        f"http://{host}/v2/{name}/manifests/{tag}",
        headers={"Accept": f"{MANIFEST}, {OCI_MANIFEST}"},
        timeout=30,
    )
    answer.raise_for_status()
    return Layers(sizes={layer["digest"]: layer["size"] for layer in answer.json()["layers"]})
