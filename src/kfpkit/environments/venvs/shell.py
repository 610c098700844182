"""An environment for editors and shells: its Python, with the project's modules."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from kfpkit import files
from kfpkit.environments.environment import Environment
from kfpkit.environments.finding import find_environment
from kfpkit.environments.text_digests import compute_short_digest
from kfpkit.environments.venvs.installation import ensure_virtual_environment
from kfpkit.environments.venvs.users import use_until_exit
from kfpkit.environments.venvs.venvs import locate_cache_folder, python_of
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project

_PACKAGE = Path(__file__).resolve().parents[2]
# They point a Python to another one's standard library.
_OF_ANOTHER_PYTHON = ("PYTHONHOME", "__PYVENV_LAUNCHER__")


def link_virtual_environment(project: Project, environment: Environment, venv: Path) -> Path:
    """Link a virtual environment to a path in the project that a new lock doesn't change.

    An editor remembers the path of an interpreter, but the name of a virtual environment's folder
    depends on its lock.

    Args:
        project: The project.
        environment: The environment.
        venv: The folder of its virtual environment.

    Returns:
        The link, or the folder itself if the project is read-only.
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
    """Return the variables for a process that runs in an environment for the author.

    Unlike a task, the process has all of the author's variables. As in a task, it can import the
    project's modules and the shipped part of kfpkit, and decorated functions are plain functions.

    Args:
        project: The project.
        venv: The folder of the environment's virtual environment.
        variables: The author's variables.

    Raises:
        OSError: The cache folder can't be written.
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


def enter_environment(
    project: Project, name: str, *, report: Listener = ignore
) -> Mapping[str, str]:
    """Use an environment until this process, or its replacement, ends.

    Args:
        project: The project.
        name: The environment's name.
        report: Called with a line at each step that takes time.

    Returns:
        The variables for a process that runs in the environment.

    Raises:
        EnvironmentsError: The environment doesn't exist, or its virtual environment can't be
            created.
    """
    venv = ensure_virtual_environment(find_environment(project, name), report=report)
    use_until_exit(venv)
    return make_shell_variables(project, venv)


def replace_process(command: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
    """Replace this process with a command, which then owns signals and the terminal.

    Args:
        command: The program and its arguments.
        variables: The command's variables.

    Raises:
        OSError: The program doesn't exist, or can't be executed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    # Python ignores these, and what it becomes would inherit that.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execvpe(command[0], list(command), variables)  # noqa: S606 - it is what the user asks for


def _joined(*paths: str) -> str:
    return os.pathsep.join(filter(None, paths))


def _ensure_shipped_part() -> Path:
    """Return a folder for importing kfpkit without other packages beside it."""
    folder = locate_cache_folder() / "shipped" / compute_short_digest(str(_PACKAGE))
    link = folder / _PACKAGE.name
    if not link.is_symlink():
        folder.mkdir(parents=True, exist_ok=True)
        files.point(link, _PACKAGE)
    return folder
