"""Images by digest: a tag can be moved, a digest cannot."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kfpkit.config import Project
from kfpkit.environments import find_environment_of_image
from kfpkit.errors import ForeignImageError, UnpushedImageError
from kfpkit.images.labels import HASH_LABEL
from kfpkit.images.planning import require_registry
from kfpkit.images.registry import Reference, Registry, RemoteImage, ask_all, parse


def fetch_pins(project: Project, images: Iterable[str]) -> Mapping[str, str]:
    """Ask the registry for the digests of images of a project's environments.

    Args:
        project: The project whose environments are meant.
        images: Image references; those that are none of the project's environments are left out.

    Returns:
        References by tag, `REGISTRY/NAME:HASH`, each with the one by digest,
        `REGISTRY/NAME@sha256:…`.

    Raises:
        NoRegistryError: The project's registry names no host.
        UnpushedImageError: The registry lacks some of the images; the error names all.
        ForeignImageError: A tag names another image.
        RegistryError: The registry cannot be asked.
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
    """Ask the registry for the tag of an environment's image.

    Args:
        image: The reference of an environment's image by digest, `REGISTRY/NAME@sha256:…`.

    Returns:
        `REGISTRY/NAME:HASH`, by the content hash that the image carries; None when the registry
        does not have it, or it carries none.

    Raises:
        RegistryError: The registry cannot be asked.
    """
    reference = parse(image)
    if not reference.host:
        return None
    with contextlib.closing(Registry()) as registry:
        found = registry.find(reference)
    carried = found.labels.get(HASH_LABEL) if found else None
    return str(replace(reference, tag=carried)) if carried else None


def require_own(reference: Reference, found: RemoteImage) -> None:
    """Refuse an image in a registry whose label does not carry its tag's content hash."""
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
