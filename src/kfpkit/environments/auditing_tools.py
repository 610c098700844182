"""The tools of an audit: in a virtual environment of their own, never in the author's."""

from __future__ import annotations

import sys
from pathlib import Path

from kfpkit.environments import venvs
from kfpkit.environments.fingerprint import text_digest
from kfpkit.environments.venvs import Progress, Recipe, Requirements

REQUIREMENTS = Path(__file__).with_name("auditing.txt")


def interpreter(progress: Progress | None) -> str:
    """Return the Python that has pip-audit and the CycloneDX library; make it when it is not there.

    Raises:
        ToolError: Its virtual environment cannot be made.
    """
    return str(venvs.python_of(venvs.make(recipe(), progress=progress)))


def recipe() -> Recipe:
    """Say what the tools' virtual environment is made from: the requirements file beside this."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = text_digest(REQUIREMENTS.read_text(encoding="utf-8"))[:16]
    return Recipe(
        name="auditing",
        key=f"{digest}-{python}",
        python=python,
        requirements=lambda _: [Requirements(file=REQUIREMENTS)],
    )
