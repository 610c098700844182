"""The tools of an audit: in a virtual environment of their own, never in the author's."""

from __future__ import annotations

from pathlib import Path

from kfpkit.environments.venvs import Recipe, venvs
from kfpkit.listeners import Listener

REQUIREMENTS = Path(__file__).with_name("auditing.txt")


def ensure_interpreter(report: Listener) -> str:
    """Return the Python that has pip-audit and the CycloneDX library; make it when it is not there.

    Raises:
        ToolError: Its virtual environment cannot be made.
    """
    return str(venvs.python_of(venvs.make(recipe(), report=report)))


def recipe() -> Recipe:
    """Say what the tools' virtual environment is made from: the requirements file beside this."""
    return Recipe.of_file("auditing", REQUIREMENTS)
