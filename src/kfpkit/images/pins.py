"""Images by digest: a tag can be moved, a digest cannot."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from kfpkit.config import Project
from kfpkit.environments import environment_of_image
from kfpkit.errors import ForeignImageError, UnpushedImageError
from kfpkit.images.parts import HASH_LABEL
from kfpkit.images.planning import require_registry
from kfpkit.images.references import Reference, parse
from kfpkit.images.registry import THREADS, Registry, RemoteImage


def pinned(image: str) -> str:
    """Ask the registry for the digest of an environment's image.

    Args:
        image: The reference of an environment's image, `REGISTRY/NAME:HASH`.

    Returns:
        `REGISTRY/NAME@sha256:…`.

    Raises:
        UnpushedImageError: The registry does not have it, or the reference names no registry.
        ForeignImageError: The tag names another image.
        RegistryError: The registry cannot be asked.
    """
    return _digests([image])[image]


def tagged(image: str) -> str | None:
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
    found = _find(reference)
    carried = found.labels.get(HASH_LABEL) if found else None
    return str(replace(reference, tag=carried)) if carried else None


def pin_of(project: Project, images: Iterable[str] = ()) -> Callable[[str], str]:
    """Return a function that pins the images of a project's environments, and leaves others.

    Args:
        project: The project whose environments are meant.
        images: Images that are asked for at once, so that one error names all that are missing.

    Returns:
        A function from image references to image references; it asks about each image once, and
        raises what `pinned` raises.

    Raises:
        NoRegistryError: The project's registry names no host.
        UnpushedImageError: The registry lacks some of `images`.
        ForeignImageError: A tag names another image.
        RegistryError: The registry cannot be asked.
    """
    require_registry(project)
    own = [one for one in dict.fromkeys(images) if environment_of_image(project, one) is not None]
    known = _digests(own)

    @functools.cache
    def pin(image: str) -> str:
        if image in known:
            return known[image]
        return image if environment_of_image(project, image) is None else pinned(image)

    return pin


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


def _digests(images: Sequence[str]) -> dict[str, str]:
    """Ask for the digests of environments' images, all at a time, and refuse if one is missing."""
    references = [parse(image) for image in images]
    with contextlib.closing(Registry()) as registry, ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda one: registry.find(one) if one.host else None, references))
    missing = [one for one, remote in zip(references, found, strict=True) if remote is None]
    if missing:
        raise UnpushedImageError(
            images=[str(one) for one in missing],
            names=[one.repository.rpartition("/")[2] for one in missing],
        )
    digests = {}
    for image, reference, remote in zip(images, references, found, strict=True):
        if remote is not None:
            require_own(reference, remote)
            digests[image] = f"{reference.name}@{remote.digest}"
    return digests


def _find(reference: Reference) -> RemoteImage | None:
    if not reference.host:
        return None
    with contextlib.closing(Registry()) as registry:
        return registry.find(reference)
