"""Finds the project of a component's function, and the files that determine it.

A function belongs to the project of its file. kfpkit's catalogue and notebook cells don't belong to
a project. They use the active project, or the project of the working directory.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from kfpkit.authoring.definition import find_place
from kfpkit.project import REGISTRY_VARIABLE, Project, find_project, list_deciding_paths

_active_project: ContextVar[Project | None] = ContextVar("active_project", default=None)


@contextlib.contextmanager
def active_project(project: Project) -> Iterator[None]:
    """Use this project's environments for components without a project."""
    token = _active_project.set(project)
    try:
        yield
    finally:
        _active_project.reset(token)


def find_project_of(function: Callable[..., Any]) -> Project:
    """Find a function's project, with its current settings.

    Args:
        function: The function.
    """
    file = _find_own_file(function)
    if file is not None:
        return find_project(file)
    return _active_project.get() or find_project(Path.cwd())


def circumstances_of(function: Callable[..., Any]) -> Hashable:
    """Return the current state of everything but files that determines a function's project.

    Args:
        function: The function.
    """
    is_at_home = _find_own_file(function) is not None
    elsewhere = None if is_at_home else (_active_project.get() or Path.cwd())
    return os.environ.get(REGISTRY_VARIABLE), elsewhere


def deciding_paths_of(function: Callable[..., Any], project: Project) -> tuple[Path, ...]:
    """Return the files and folders that determine a function's project.

    Args:
        function: The function.
        project: Its project.
    """
    return list_deciding_paths(_find_own_file(function) or project.root, project)


def is_of_kfpkit(function: Callable[..., Any]) -> bool:
    """Return whether a function belongs to kfpkit's catalogue.

    Args:
        function: The function.
    """
    return function.__module__.partition(".")[0] == "kfpkit"


def _find_own_file(function: Callable[..., Any]) -> Path | None:
    file = find_place(function).file
    return file if not is_of_kfpkit(function) and file.is_file() else None
