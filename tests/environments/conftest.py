"""A small environment: one pure wheel, locked by hand for the Python that runs the tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kfpkit.environments import Environment, find_environment
from kfpkit.environments import text_digests as fingerprint
from kfpkit.environments.venvs import poetry, venvs
from kfpkit.project.project import find_project

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NEXT = f"{sys.version_info.major}.{sys.version_info.minor + 1}"
SIX = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"

PYPROJECT = """\
[project]
name = "tiny"
version = "0"
requires-python = "{python}"
dependencies = ["six==1.17.0"]

[tool.poetry]
package-mode = false
"""

LOCK = """\
[[package]]
name = "six"
version = "1.17.0"
description = "Python 2 and 3 compatibility utilities"
optional = false
python-versions = ">=2.7"
groups = ["main"]
files = [
    {{file = "{wheel}", hash = "sha256:{digest}"}},
]

[metadata]
lock-version = "2.1"
python-versions = "{python}"
content-hash = "{content_hash}"
"""


@pytest.fixture
def tiny(project):
    """Return a function that writes the environment `tiny` and finds it.

    `wheel` and `digest` say what the lock pins; `files` are further files of the project, or other
    texts for those that the fixture writes.
    """

    def write(
        *,
        python: str = f">={HERE},<{NEXT}",
        wheel: str = "six-1.17.0-py2.py3-none-any.whl",
        digest: str = SIX,
        files: dict[str, str] | None = None,
    ) -> Environment:
        description = PYPROJECT.format(python=python)
        relevant = {"requires-python": python, "dependencies": ["six==1.17.0"]}
        locked = LOCK.format(
            wheel=wheel,
            digest=digest,
            python=python,
            content_hash=fingerprint.compute_poetry_hash({"project": relevant}),
        )
        imports = {
            "lock": fingerprint.compute_digest(locked),
            "distributions": {"six": "1.17.0"},
            "imports": {"six": "six"},
        }
        root = project(
            {
                "environments/tiny/pyproject.toml": description,
                "environments/tiny/poetry.lock": locked,
                "environments/tiny/imports.json": json.dumps(imports),
                **(files or {}),
            }
        )
        return find_environment(find_project(root), "tiny")

    return write


@pytest.fixture(scope="session")
def poetry_tool() -> Path:
    """Make Poetry's own virtual environment in the user's cache, where `kfpkit` looks for it."""
    return venvs.make(poetry.recipe())


@pytest.fixture
def cache(tmp_path, monkeypatch, poetry_tool) -> Path:
    """Give the test a cache of its own that holds nothing but Poetry."""
    folder = tmp_path / "cache"
    (folder / "venvs").mkdir(parents=True)
    (folder / "venvs" / poetry_tool.name).symlink_to(poetry_tool)
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(folder))
    return folder
