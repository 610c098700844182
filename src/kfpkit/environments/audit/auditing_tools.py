"""The tools of an audit: in a virtual environment of their own, never in the author's."""

from __future__ import annotations

from pathlib import Path

from kfpkit.environments.venvs import Progress, Recipe, venvs

REQUIREMENTS = Path(__file__).with_name("auditing.txt")


def ensure_interpreter(progress: Progress | None) -> str:
    """Return the Python that has pip-audit and the CycloneDX library; make it when it is not there.

    Raises:
        ToolError: Its virtual environment cannot be made.
    """
    return str(venvs.python_of(venvs.make(recipe(), progress=progress)))


def recipe() -> Recipe:
    """Say what the tools' virtual environment is made from: the requirements file beside this."""
    return Recipe.of_file("auditing", REQUIREMENTS)
