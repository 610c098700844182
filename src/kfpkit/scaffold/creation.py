"""Creates a new project: a complete folder, or nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kfpkit.environments import find_shipped
from kfpkit.environments.locking import Blueprint, create_environment
from kfpkit.environments.tools import find_uv, run
from kfpkit.errors import FolderInUseError, UnwritableFolderError
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project, find_project
from kfpkit.scaffold.names import name_package
from kfpkit.scaffold.rendering import render_template
from kfpkit.scaffold.templates import DEFAULT, find_template
from kfpkit.scaffold.wheel import keep_own_wheel, read_installed_version
from kfpkit.scratch import temporary_folder

_WHEELS = "wheels"


def create_project(folder: Path, *, template: str = DEFAULT, report: Listener = ignore) -> Project:
    """Create a project that runs. If that fails, nothing is left.

    Args:
        folder: The project's folder. Its name is the project's name. The folder may exist if it is
            empty or a new git repository.
        template: The name of what the project is for.
        report: Called with a line at each step that takes time.

    Returns:
        The project.

    Raises:
        UnknownTemplateError: The template doesn't exist.
        InvalidProjectNameError: The name is invalid.
        FolderInUseError: The folder isn't empty.
        UnwritableFolderError: The folder can't be written.
        WheelNotMadeError: kfpkit doesn't come from a package index, and its wheel can't be built.
        ToolError: The project's tools can't be locked.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - a link keeps the name that was given
    chosen = find_template(template)
    origins = [f"kfpkit:{name}" for name in chosen.environments]
    package = name_package(folder.name, [find_shipped(origin) for origin in origins])
    _require_free(folder)
    _require_writable(folder)
    with temporary_folder("init") as scratch:
        staged = scratch / folder.name
        staged.mkdir()
        version = read_installed_version()
        render_template(staged, chosen, name=folder.name, package=package, version=version)
        for name, origin in zip(chosen.environments, origins, strict=True):
            create_environment(find_project(staged), Blueprint(name=name, like=origin))
        _lock(staged, report)
        _publish(staged, folder)
    return find_project(folder)


def _lock(staged: Path, report: Listener) -> None:
    """Lock requirements.txt, as the project's `make lock` does: versions that it has are preferred.

    The template has those that kfpkit is tested with. A package that was published a minute ago
    is not for a first lock: the servers of an index take a while until all of them have it.
    """
    tool = find_uv()
    report(f"{staged.name}: locking its tools")
    wheels = ["--find-links", _WHEELS] if keep_own_wheel(staged / _WHEELS) else []
    command = [tool, "pip", "compile", "--quiet", "--no-header", "--group", "dev", *wheels]
    run(
        [*command, "--output-file", "requirements.txt", "pyproject.toml"],
        environment=None,
        folder=staged,
        doing=f"lock the tools of {staged.name}",
    )


def _require_free(folder: Path) -> None:
    if folder.is_dir():
        found = sorted(entry.name for entry in folder.iterdir() if entry.name != ".git")
        if found:
            raise FolderInUseError(folder=folder, found=found)
    elif folder.exists() or folder.is_symlink():
        raise FolderInUseError(folder=folder, found=[])


def _require_writable(folder: Path) -> None:
    """Refuse a folder that couldn't be written in the end, before spending time on locking."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        raise UnwritableFolderError(folder=folder, cause=f"{there} is a file")
    if not os.access(there, os.W_OK):
        raise UnwritableFolderError(folder=folder, cause=f"{there} is not writable")


def _publish(staged: Path, folder: Path) -> None:
    """Copy the complete project. If that fails, remove the copied files."""
    was_there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _require_free(folder)
        shutil.copytree(staged, folder, dirs_exist_ok=True)
    except FolderInUseError:
        raise
    except BaseException as error:
        _remove(staged, folder, whole=not was_there)
        if isinstance(error, OSError):
            raise UnwritableFolderError(folder=folder, cause=str(error)) from error
        raise


def _remove(staged: Path, folder: Path, *, whole: bool) -> None:
    if whole:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for entry in staged.iterdir():
        copied = folder / entry.name
        if entry.is_dir():
            shutil.rmtree(copied, ignore_errors=True)
        else:
            copied.unlink(missing_ok=True)
