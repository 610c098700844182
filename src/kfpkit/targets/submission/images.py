"""The images of pipelines by digest, as the registry has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kfpkit.environments import find_environment_of_image
from kfpkit.errors import GoneImagesError
from kfpkit.images import fetch_pins, fetch_tag
from kfpkit.project import Project


def resolve_images(project: Project, images: Iterable[str]) -> Mapping[str, str]:
    """Return the digests of a project's images, and refuse those that are gone.

    Args:
        project: The project.
        images: Image references. Those by digest must exist; those by tag that belong to the
            project's environments are looked up. All others are left as they are.

    Returns:
        References by tag, with those by digest.

    Raises:
        NoRegistryError: The project's registry has no host.
        UnpushedImageError: The registry lacks images of environments.
        GoneImagesError: The registry no longer has images that a compiled pipeline names.
        RegistryError: The registry can't be queried.
    """
    known = list(dict.fromkeys(images))
    own = [each for each in known if find_environment_of_image(project, each) is not None]
    pinned = [each for each in known if _is_pinned(project, each)]
    gone = [each for each in pinned if fetch_tag(each) is None]
    if gone:
        raise GoneImagesError(images=gone, registry=project.registry)
    return fetch_pins(project, own) if own else {}  # without environments, no registry is needed


def _is_pinned(project: Project, image: str) -> bool:
    """Return whether an image is one of a project's registry, by digest."""
    host = project.registry.partition("/")[0]
    has_host = "." in host or ":" in host
    return has_host and image.startswith(f"{project.registry}/") and "@sha256:" in image
