"""Resolves images to digests: a tag can move, a digest can't."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kfpkit.environments import find_environment_of_image
from kfpkit.errors import ForeignImageError, UnpushedImageError
from kfpkit.images.labels import HASH_LABEL
from kfpkit.images.planning import require_registry
from kfpkit.images.registry import Reference, Registry, RemoteImage, ask_all, parse
from kfpkit.project import Project


def fetch_pins(project: Project, images: Iterable[str]) -> Mapping[str, str]:
    """Fetch the digests of a project's images from the registry.

    Args:
        project: The project.
        images: Image references. Those that don't belong to the project's environments are ignored.

    Returns:
        References by tag, `REGISTRY/NAME:HASH`, with those by digest, `REGISTRY/NAME@sha256:…`.

    Raises:
        NoRegistryError: The project's registry has no host.
        UnpushedImageError: The registry lacks some of the images. The error lists all of them.
        ForeignImageError: A tag points to a different image.
        RegistryError: The registry can't be queried.
    """
    require_registry(project)
    own = [
        one for one in dict.fromkeys(images) if find_environment_of_image(project, one) is not None
    ]
    references = [parse(image) for image in own]
    with contextlib.closing(Registry()) as registry:
        found = ask_all(registry.find, references)
    _require_all(references, found)
    pins = {}
    for image, reference, remote in zip(own, references, found, strict=True):
        if remote is not None:
            require_own(reference, remote)
            pins[image] = f"{reference.name}@{remote.digest}"
    return pins


def fetch_tag(image: str) -> str | None:
    """Fetch the tag of an environment's image from the registry.

    Args:
        image: The reference of an environment's image by digest, `REGISTRY/NAME@sha256:…`.

    Returns:
        `REGISTRY/NAME:HASH`, with the content hash in the image's label. None if the registry lacks
        the image, or the image has no such label.

    Raises:
        RegistryError: The registry can't be queried.
    """
    reference = parse(image)
    if not reference.host:
        return None
    with contextlib.closing(Registry()) as registry:
        found = registry.find(reference)
    carried = found.labels.get(HASH_LABEL) if found else None
    return str(replace(reference, tag=carried)) if carried else None


def require_own(reference: Reference, found: RemoteImage) -> None:
    """Refuse an image in a registry if its label doesn't contain its tag's content hash."""
    carried = found.labels.get(HASH_LABEL)
    if carried != reference.tag:
        name = reference.repository.rpartition("/")[2]
        raise ForeignImageError(
            image=str(reference),
            found=carried,
            where="in the registry",
            remedy=f"Delete this tag in the registry and run `kfpkit env build {name} --push`.",
        )


def _require_all(references: Sequence[Reference], found: Sequence[RemoteImage | None]) -> None:
    missing = [one for one, remote in zip(references, found, strict=True) if remote is None]
    if missing:
        raise UnpushedImageError(
            images=[str(one) for one in missing],
            names=[one.repository.rpartition("/")[2] for one in missing],
        )
