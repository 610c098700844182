"""Poetry as a tool, in a separate virtual environment, never in the author's."""

from __future__ import annotations

from pathlib import Path

from kfpkit.environments.tools import find_interpreter, tools
from kfpkit.environments.venvs import venvs
from kfpkit.environments.venvs.venvs import Recipe, Requirements
from kfpkit.listeners import Listener, ignore

REQUIREMENTS = Path(__file__).with_name("poetry.txt")


def lock(folder: Path, *, name: str, python: str, upgrade: bool, report: Listener) -> None:
    """Write `poetry.lock` in a folder with a `pyproject.toml`.

    Args:
        folder: The folder.
        name: The environment's name, for messages.
        python: The Python version to lock for.
        upgrade: Whether to upgrade to the latest versions instead of keeping the locked ones.
        report: Called with a line at each step that takes time.

    Raises:
        ToolError: Poetry can't lock.
    """
    tool = venvs.make(recipe(), report=report)
    report(f"{name}: locking")
    empty = folder / ".python"
    create = [
        tools.find_uv(),
        "venv",
        "--quiet",
        "--no-project",
        "--python",
        find_interpreter(python),
    ]
    tools.run([*create, str(empty)], environment=name, folder=folder, doing=f"find Python {python}")
    tools.run(
        _command(tool, "lock", *(["--regenerate"] if upgrade else [])),
        environment=name,
        folder=folder,
        doing="lock its dependencies",
        settings={"VIRTUAL_ENV": str(empty)},
    )


def export(
    folder: Path, destination: Path, *, name: str, report: Listener = ignore
) -> Requirements:
    """Write a lock as a requirements file with hashes.

    Args:
        folder: The folder with `pyproject.toml` and `poetry.lock`.
        destination: The file to write.
        name: The environment's name, for messages.
        report: Called with a line at each step that takes time.

    Returns:
        The requirements file.

    Raises:
        ToolError: Poetry can't export.
    """
    tool = venvs.make(recipe(), report=report)
    command = _command(tool, "export", "--without-urls", "--output", str(destination))
    tools.run(command, environment=name, folder=folder, doing="export its lock")
    return Requirements(file=destination)


def _command(tool: Path, *arguments: str) -> list[str]:
    return [str(venvs.python_of(tool)), "-I", "-m", "poetry", "--no-interaction", *arguments]


def recipe() -> Recipe:
    """Return the recipe of Poetry's virtual environment, from the requirements file here."""
    return Recipe.of_file("poetry", REQUIREMENTS)
