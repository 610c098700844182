"""The environments of a project."""

from __future__ import annotations

import functools
from pathlib import Path

from kfpkit.config import Project
from kfpkit.environments.environment import RUNTIME_FILE, Environment, is_valid_name
from kfpkit.errors import (
    BrokenLockError,
    InvalidEnvironmentError,
    StaleLockError,
    UnknownEnvironmentError,
)


def find_environment(project: Project, name: str) -> Environment:
    """Find an environment by the name of its folder.

    Args:
        project: The project.
        name: The folder's name below the project's environments.

    Returns:
        The environment as it is now; the same object as long as its files do not change.

    Raises:
        UnknownEnvironmentError: There is no such folder with a `pyproject.toml`.
        InvalidEnvironmentError: The folder's name cannot be an image's name.
    """
    folder = project.environments / name
    if folder.parent == project.environments and (folder / "pyproject.toml").is_file():
        if not is_valid_name(name):
            raise InvalidEnvironmentError(
                name=name,
                file=folder,
                problem="has a name that no image can have",
                remedy="Rename the folder: lower-case letters and digits, with `-`, `_` or `.` "
                "between them.",
            )
        return _environment(folder, project.registry, _signature(folder))
    known = environment_names(project)
    raise UnknownEnvironmentError(name=name, known=known, folder=project.environments)


def environment_names(project: Project) -> list[str]:
    """Find the names of all folders with a `pyproject.toml`, sorted; some may be no valid names."""
    if not project.environments.is_dir():
        return []
    return sorted(
        entry.name
        for entry in project.environments.iterdir()
        if (entry / "pyproject.toml").is_file()
    )


def list_environments(project: Project) -> tuple[Environment, ...]:
    """Find all environments of a project, sorted by name."""
    return tuple(find_environment(project, name) for name in environment_names(project))


def environment_of_image(project: Project, image: str) -> Environment | None:
    """Find the environment whose image a reference names.

    Args:
        project: The project.
        image: An image reference, as a task's container has it.

    Returns:
        The environment; None when the image is none of the project's environments as they are now.
    """
    for name in filter(is_valid_name, environment_names(project)):
        environment = find_environment(project, name)
        if not image.startswith(f"{environment.registry}/{environment.name}:"):
            continue
        try:
            if environment.image == image:
                return environment
        except (StaleLockError, BrokenLockError):
            continue
    return None


def _signature(folder: Path) -> tuple[int, ...]:
    files = (
        folder / "pyproject.toml",
        folder / "poetry.lock",
        folder / "imports.json",
        folder.parent / "Dockerfile",
        folder.parent / RUNTIME_FILE,
    )
    return tuple(number for file in files for number in _state(file))


def _state(file: Path) -> tuple[int, int, int]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


@functools.lru_cache(maxsize=256)
def _environment(folder: Path, registry: str, signature: tuple[int, ...]) -> Environment:
    return Environment(name=folder.name, folder=folder, registry=registry, signature=signature)
