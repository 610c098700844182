"""Resolves the base image of a build to its current digest."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from kfpkit.engine import Engine
from kfpkit.errors import ImagesError
from kfpkit.images.registry import Reference, Registry, parse

_DOCKER_HUB = "docker.io"


@dataclass(frozen=True, kw_only=True)
class BaseImage:
    """The base image of a build.

    Args:
        name: The requested name.
        digest: Its digest in its registry. "" if unknown, for example for an image that this
            machine built.
        source: The reference for the build: the name, or the name with that digest.
    """

    name: str
    digest: str
    source: str


def find_base_image(engine: Engine, registry: Registry, name: str) -> BaseImage:
    """Find the image that a base image's name refers to, in the same places as the build.

    These are the engine, and then the image's registry. If the registry reports the digest, the
    build uses it, so the recorded image is the one that was used.

    Args:
        engine: The engine.
        registry: The client of registries.
        name: The image's name.

    Returns:
        The image. Without a digest if nothing reports one; the build then finds out why.
    """
    if "@" in name:
        return BaseImage(name=name, digest=name.partition("@")[2], source=name)
    reference = _parse_reference(name)
    with contextlib.suppress(*engine.faults):
        if found := engine.find(name):
            digests = (parse(one) for one in found.get("RepoDigests") or ())
            own = (one.tag for one in digests if _canonical(one) == reference.name)
            return BaseImage(name=name, digest=next(own, ""), source=name)
    with contextlib.suppress(ImagesError):
        if digest := registry.digest(reference):
            return BaseImage(name=name, digest=digest, source=f"{name}@{digest}")
    return BaseImage(name=name, digest="", source=name)


def _parse_reference(name: str) -> Reference:
    """Parse the name of a base image. A name without a host refers to Docker Hub."""
    tagged = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    reference = parse(tagged)
    return Reference(
        host=reference.host or _DOCKER_HUB,
        repository=_canonical(reference).partition("/")[2],
        tag=reference.tag,
    )


def _canonical(reference: Reference) -> str:
    """Add the host to an image's name, as engines do."""
    if reference.host and reference.host != _DOCKER_HUB:
        return reference.name
    official = "" if "/" in reference.repository else "library/"
    return f"{_DOCKER_HUB}/{official}{reference.repository}"
