"""Running a few lines in a locked environment, where the libraries are that helpers call."""

from __future__ import annotations

import json
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.own_variables import ROOT, VARIABLES
from misbehaving import serve
from uv import find_uv_bin

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

__all__ = ["serve"]  # a fixture


@pytest.fixture(scope="module")
def evaluate_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Any]:
    """Return a function that runs lines in an environment and returns what `result` then is."""

    def evaluate(environment: str, lines: str) -> Any:
        venv = ensure_virtual_environment(find_environment(find_project(ROOT), environment))
        script = f"import json\n{textwrap.dedent(lines)}\nprint(json.dumps(result))"
        process = subprocess.run(
            [str(python_of(venv)), "-c", script],
            env=VARIABLES,
            cwd=tmp_path_factory.getbasetemp(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)

    return evaluate


@pytest.fixture(scope="module")
def lent_pytest(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Return a function that gives a folder with pytest, for a Python without it."""
    folders: dict[str, Path] = {}

    def install(python: Path, version: str) -> Path:
        if version not in folders:
            folders[version] = tmp_path_factory.mktemp("lent")
            command = [find_uv_bin(), "pip", "install", "--quiet", "--python", str(python)]
            target = ["--target", str(folders[version]), f"pytest=={pytest.__version__}"]
            subprocess.run([*command, *target], check=True)
        return folders[version]

    return install
