"""An environment as an editor and a shell use it: its Python, with the project's modules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kfpkit import files
from kfpkit.config import Project
from kfpkit.environments.digests import compute_short_digest
from kfpkit.environments.environment import Environment
from kfpkit.environments.venvs.venvs import locate_cache_folder, python_of

_PACKAGE = Path(__file__).resolve().parents[2]
# They point a Python to another one's standard library.
_OF_ANOTHER_PYTHON = ("PYTHONHOME", "__PYVENV_LAUNCHER__")


def link_virtual_environment(project: Project, environment: Environment, venv: Path) -> Path:
    """Give a virtual environment a place in the project that a new lock does not change.

    An editor remembers the path of an interpreter, and the folder of a virtual environment is named
    after its lock.

    Args:
        project: The project.
        environment: The environment.
        venv: The folder of its virtual environment.

    Returns:
        The link; the folder itself in a project that cannot be written to.
    """
    link = project.state / "venvs" / environment.name
    try:
        files.make_ignored(project.state)
        link.parent.mkdir(exist_ok=True)
        files.point(link, venv)
    except OSError:
        return venv
    return link


def make_shell_variables(
    project: Project, venv: Path, variables: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the variables of a process that runs in an environment on the author's behalf.

    Unlike a task, it has all of the author's variables. As in a task, the project's modules can be
    imported, the part of kfpkit that ships too, and decorated functions are plain functions.

    Args:
        project: The project.
        venv: The folder of the environment's virtual environment.
        variables: The author's variables.

    Raises:
        OSError: The cache folder cannot be written.
    """
    kept = {name: value for name, value in variables.items() if name not in _OF_ANOTHER_PYTHON}
    roots = (*map(str, project.source_roots), str(_ensure_shipped_part()))
    return {
        **kept,
        "PATH": _joined(str(python_of(venv).parent), kept.get("PATH", os.defpath)),
        "PYTHONPATH": _joined(*roots, kept.get("PYTHONPATH", "")),
        "VIRTUAL_ENV": str(venv),
        "_KFP_RUNTIME": "true",
    }


def _joined(*paths: str) -> str:
    return os.pathsep.join(filter(None, paths))


def _ensure_shipped_part() -> Path:
    """Return a folder from which kfpkit can be imported and nothing that is installed beside it."""
    folder = locate_cache_folder() / "shipped" / compute_short_digest(str(_PACKAGE))
    link = folder / _PACKAGE.name
    if not link.is_symlink():
        folder.mkdir(parents=True, exist_ok=True)
        files.point(link, _PACKAGE)
    return folder
