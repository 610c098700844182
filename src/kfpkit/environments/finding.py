"""The environments of a project."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path

from kfpkit import files
from kfpkit.environments.environment import Environment, Signature
from kfpkit.environments.names import NAME_RULE, is_valid_name
from kfpkit.environments.recipe import RUNTIME_FILE
from kfpkit.environments.shipped import list_shipped_names
from kfpkit.errors import (
    BrokenLockError,
    InvalidEnvironmentError,
    NoEnvironmentsError,
    StaleLockError,
    UnknownEnvironmentError,
)
from kfpkit.project import Project


def find_environment(project: Project, name: str) -> Environment:
    """Find an environment by the name of its folder.

    Args:
        project: The project.
        name: The folder's name below the project's environments.

    Returns:
        The environment in its current state. The same object as long as its files don't change.

    Raises:
        UnknownEnvironmentError: The folder doesn't exist.
        InvalidEnvironmentError: An image can't have the folder's name, or the folder has no
            `pyproject.toml`.
    """
    folder = project.environments / name
    if folder.parent != project.environments or not _may_be_meant(folder):
        raise UnknownEnvironmentError(
            name=name,
            known=list_environment_names(project),
            folder=project.environments,
            shipped=list_shipped_names(),
        )
    if not is_valid_name(name):
        raise InvalidEnvironmentError(
            name=name,
            file=folder,
            problem="has a name that an image cannot have",
            remedy=f"Rename the folder: {NAME_RULE}.",
        )
    if not _is_described(folder):
        raise InvalidEnvironmentError(
            name=name,
            file=folder,
            problem="has no `pyproject.toml`",
            remedy=f"Create it and run `kfpkit env lock {name}`, or delete the folder.",
        )
    return _environment(folder, project.registry, _signature(folder))


def list_environment_names(project: Project) -> list[str]:
    """Return the names of all folders that may be environments, sorted.

    An empty folder, or one with only hidden files, doesn't count: git and tools leave such folders
    behind.
    """
    if not project.environments.is_dir():
        return []
    return sorted(folder.name for folder in project.environments.iterdir() if _may_be_meant(folder))


def require_environments(project: Project) -> None:
    """Refuse a project without environments.

    Args:
        project: The project.

    Raises:
        NoEnvironmentsError: The project has none.
    """
    if not list_environment_names(project):
        raise NoEnvironmentsError(folder=project.environments)


def list_environments(project: Project) -> tuple[Environment, ...]:
    """Return all environments of a project, sorted by name.

    Raises:
        InvalidEnvironmentError: An image can't have the name of one of them.
    """
    names = list_environment_names(project)
    described = (name for name in names if _is_described(project.environments / name))
    return tuple(find_environment(project, name) for name in described)


def choose_environments(project: Project, names: Sequence[str] = ()) -> tuple[Environment, ...]:
    """Find environments by name, or all of a project.

    Args:
        project: The project.
        names: Their names; all environments when empty.

    Raises:
        UnknownEnvironmentError: An environment doesn't exist.
        InvalidEnvironmentError: An image can't have one of the names.
        NoEnvironmentsError: No names are given, and the project has no environments.
    """
    if names:
        return tuple(find_environment(project, name) for name in dict.fromkeys(names))
    require_environments(project)
    return list_environments(project)


def find_environment_of_image(project: Project, image: str) -> Environment | None:
    """Find the environment of an image reference.

    Args:
        project: The project.
        image: The image reference of a task's container.

    Returns:
        The environment. None if no environment of the project currently has this image.
    """
    prefix = f"{project.registry}/"
    if not image.startswith(prefix):
        return None
    name = image.removeprefix(prefix).partition(":")[0]
    with contextlib.suppress(UnknownEnvironmentError, StaleLockError, BrokenLockError):
        environment = find_environment(project, name)
        if environment.image == image:
            return environment
    return None


def list_deciding_files(environment: Environment) -> tuple[Path, ...]:
    """Return the files that determine an environment. They need not exist.

    As long as none of them is added, changed or removed, the environment stays the same.

    Args:
        environment: The environment.
    """
    return _list_decisive_files(environment.folder)


def _is_described(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file()


def _may_be_meant(folder: Path) -> bool:
    return _is_described(folder) or (
        _is_visible(folder) and folder.is_dir() and any(map(_is_visible, folder.iterdir()))
    )


def _is_visible(path: Path) -> bool:
    return not path.name.startswith((".", "__"))


def _signature(folder: Path) -> Signature:
    return tuple(map(files.read_state, _list_decisive_files(folder)))


def _list_decisive_files(folder: Path) -> tuple[Path, ...]:
    return (
        folder / "pyproject.toml",
        folder / "poetry.lock",
        folder / "imports.json",
        folder.parent / "Dockerfile",
        folder.parent / RUNTIME_FILE,
    )


@functools.lru_cache(maxsize=256)
def _environment(folder: Path, registry: str, signature: Signature) -> Environment:
    return Environment(name=folder.name, folder=folder, registry=registry, signature=signature)
