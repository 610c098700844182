"""Finds a project's environments by image."""

from __future__ import annotations

from collections.abc import Iterable

from kfpkit.environments import Environment, find_environment, find_environment_of_image
from kfpkit.errors import EnvironmentsError, PinnedImageError, RegistryError, StaleImageError
from kfpkit.project import Project


def find_environments(project: Project, images: Iterable[str]) -> dict[str, Environment | None]:
    """Find the environments of images, in their current state.

    Queries the registry for images by digest.

    Args:
        project: The project.
        images: Image references.

    Returns:
        The environment of each image. None for one outside the project's registry.

    Raises:
        StaleImageError: No environment currently has an image of the project's registry.
        PinnedImageError: The registry doesn't identify an image.
        ImagesNotInstalledError: The registry requires a login, and the extra isn't installed.
    """
    return {image: _resolve_image(project, image) for image in images}


def read_environment_name(project: Project, image: str) -> str | None:
    """Return the name of the environment that an image was built for, with any lock.

    Args:
        project: The project.
        image: An image reference, by tag or by digest.

    Returns:
        The name. None for an image outside the project's registry.
    """
    prefix = f"{project.registry}/"
    if not image.startswith(prefix):
        return None
    return image.removeprefix(prefix).partition("@")[0].partition(":")[0]


def _resolve_image(project: Project, image: str) -> Environment | None:
    name = read_environment_name(project, image)
    if name is None:
        return None
    tagged = _fetch_tag(image) if "@" in image else image
    environment = find_environment_of_image(project, tagged)
    if environment is None:
        raise StaleImageError(
            image=tagged,
            environment=name,
            current=_find_current_image(project, name),
            root=project.root,
        )
    return environment


def _find_current_image(project: Project, name: str) -> str | None:
    try:
        return find_environment(project, name).image
    except EnvironmentsError:
        return None


def _fetch_tag(image: str) -> str:
    from kfpkit.images import fetch_tag  # noqa: PLC0415 - most runs ask no registry

    try:
        found = fetch_tag(image)
    except RegistryError as error:
        cause = f"the registry `{error.host}` {error.problem}"
        raise PinnedImageError(image=image, cause=cause) from error
    if found is None:
        raise PinnedImageError(image=image, cause="the registry has no such kfpkit image")
    return found
