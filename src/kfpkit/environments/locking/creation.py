"""Creates a new environment: a complete, locked folder, or nothing.

Everything is created in a temporary folder. Only a result that could be locked and installed is
copied to the project. `pyproject.toml` comes last, because it makes a folder an environment.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from kfpkit.environments.environment import Environment
from kfpkit.environments.finding import find_environment
from kfpkit.environments.locking.blueprint import Blueprint, describe_environment
from kfpkit.environments.locking.locking import lock_environment
from kfpkit.environments.names import NAME_RULE, is_valid_name
from kfpkit.environments.recipe import RUNTIME_FILE
from kfpkit.environments.shipped import find_shipped
from kfpkit.errors import (
    EnvironmentExistsError,
    InvalidEnvironmentError,
    ToolError,
    UninstallableLockError,
)
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.scratch import temporary_folder


def create_environment(
    project: Project, blueprint: Blueprint, *, report: Listener = ignore
) -> Environment:
    """Create and lock a new environment. If that fails, nothing is left.

    An unchanged copy of one of kfpkit's own keeps its lock, and no index is queried.

    Args:
        project: The project.
        blueprint: The plan for the environment.
        report: Called with a line at each step that takes time.

    Returns:
        The locked environment.

    Raises:
        EnvironmentExistsError: The folder exists already.
        InvalidEnvironmentError: An image can't have the name, or `like` can't be copied.
        InvalidPythonVersionError: The Python version is invalid or not supported.
        InvalidRequirementError: A requirement is invalid, or not allowed in an environment.
        UnknownEnvironmentError: The environment `like` doesn't exist.
        UnknownShippedEnvironmentError: kfpkit doesn't provide the environment `like`.
        UninstallableLockError: The lock contains packages that a container can't install.
        ToolError: Poetry can't lock, or the lock can't be installed here.
    """
    folder = project.environments / blueprint.name
    _refuse_name(blueprint.name, folder)
    source = _find_source(project, blueprint)
    if source is not None and blueprint.is_copy:
        _publish(source.folder, folder)
        return find_environment(project, blueprint.name)
    text = describe_environment(blueprint, source)
    with temporary_folder("new") as scratch:
        _stage(project, scratch / blueprint.name, text, source)
        apart = dataclasses.replace(project, environments=scratch)
        locked = _lock(apart, blueprint.name, report)
        _publish(locked.folder, folder)
    return find_environment(project, blueprint.name)


def _find_source(project: Project, blueprint: Blueprint) -> Environment | None:
    if blueprint.source is None:
        return None
    if blueprint.is_from_kfpkit:
        return find_shipped(blueprint.source)
    return find_environment(project, blueprint.source)


def _refuse_name(name: str, folder: Path) -> None:
    if not is_valid_name(name):
        raise InvalidEnvironmentError(
            name=name,
            file=folder,
            problem="would have a name that an image cannot have",
            remedy=f"Choose another: {NAME_RULE}.",
        )
    if folder.exists() or folder.is_symlink():
        raise EnvironmentExistsError(name=name, folder=folder)


def _stage(project: Project, folder: Path, text: str, source: Environment | None) -> None:
    """Create the folder as in the project, with the lock of `source` as a start for Poetry."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    if source is not None and source.lock.path.is_file():
        shutil.copyfile(source.lock.path, folder / source.lock.path.name)
    for file in ("Dockerfile", RUNTIME_FILE):
        if (project.environments / file).is_file():
            shutil.copyfile(project.environments / file, folder.parent / file)


def _lock(project: Project, name: str, report: Listener) -> Environment:
    try:
        return lock_environment(project, name, report=report)
    except UninstallableLockError as error:
        raise UninstallableLockError(
            name=name,
            file=error.place.file,
            problems=error.problems,
            remedy="Choose other versions or another Python version.",
        ) from None


def _publish(made: Path, folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError:
        raise EnvironmentExistsError(name=folder.name, folder=folder) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    runtime = folder.parent / RUNTIME_FILE
    brings_runtime = not runtime.exists()
    try:
        if brings_runtime:
            shutil.copyfile(made.parent / RUNTIME_FILE, runtime)
        for file in ("poetry.lock", "imports.json", "pyproject.toml"):
            shutil.copyfile(made / file, folder / file)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if brings_runtime:
            runtime.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(folder, error) from error
        raise


def _unwritable(folder: Path, error: OSError) -> ToolError:
    return ToolError(
        problem=f"The environment `{folder.name}` cannot be written to {folder}",
        tail=str(error),
        remedy="Free up disk space, or make the folder writable.",
    )
