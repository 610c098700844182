"""The base image of a build, by the digest that it has now."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from kfpkit.engine import Engine
from kfpkit.errors import ImagesError
from kfpkit.images.registry import Reference, Registry, parse

_DOCKER_HUB = "docker.io"


@dataclass(frozen=True, kw_only=True)
class BaseImage:
    """What an image is built from.

    Args:
        name: The name that was asked for.
        digest: Its digest in its registry; "" when that is not known, as of an image that this
            machine has made.
        source: What the build is to take: the name, or the name with that digest.
    """

    name: str
    digest: str
    source: str


def find_base_image(engine: Engine, registry: Registry, name: str) -> BaseImage:
    """Find out which image a base image's name stands for, where the build looks for it.

    That is the engine, and then the image's registry. Where the registry tells its digest, the
    build takes it by that, so that what is written down is what was taken.

    Args:
        engine: The engine.
        registry: The registries' client.
        name: The image's name.

    Returns:
        The image; without a digest when nobody tells it, and the build is to find out why.
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
    """Read the name of a base image, which is one of Docker Hub when it names no host."""
    tagged = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    reference = parse(tagged)
    return Reference(
        host=reference.host or _DOCKER_HUB,
        repository=_canonical(reference).partition("/")[2],
        tag=reference.tag,
    )


def _canonical(reference: Reference) -> str:
    """Write an image's name with its host, as engines understand it without one."""
    if reference.host and reference.host != _DOCKER_HUB:
        return reference.name
    official = "" if "/" in reference.repository else "library/"
    return f"{_DOCKER_HUB}/{official}{reference.repository}"
