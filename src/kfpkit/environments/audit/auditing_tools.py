"""The tools of an audit, in a separate virtual environment, never in the author's."""

from __future__ import annotations

from pathlib import Path

from kfpkit.environments.venvs import Recipe, venvs
from kfpkit.listeners import Listener

REQUIREMENTS = Path(__file__).with_name("auditing.txt")


def ensure_interpreter(report: Listener) -> str:
    """Return the Python with pip-audit and the CycloneDX library. Creates it if necessary.

    Raises:
        ToolError: Its virtual environment can't be created.
    """
    return str(venvs.python_of(venvs.make(recipe(), report=report)))


def recipe() -> Recipe:
    """Return the recipe of the tools' virtual environment, from the requirements file here."""
    return Recipe.of_file("auditing", REQUIREMENTS)
