"""How a new project's Makefile chooses a Python."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kfpkit.environments.tools.interpreters import RUNNING
from kfpkit.scaffold.rendering import render_template
from kfpkit.scaffold.templates import find_template


@pytest.fixture
def make(tmp_path):
    """Return a function that runs make in a new project; its `programs` go before others."""
    project, programs = tmp_path / "demo", tmp_path / "bin"
    programs.mkdir()
    render_template(project, find_template("training"), name="demo", package="demo", version="1")
    (project / "requirements.txt").write_text("")

    def run(*arguments):
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["make", *arguments],
            cwd=project,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    run.programs = programs
    return run


def test_a_launcher_without_its_python_is_passed_over(make):
    for version in ("3.13", "3.12", "3.11", "3.10"):
        launcher = make.programs / f"python{version}"
        launcher.write_text("#!/bin/sh\nexit 127\n")
        launcher.chmod(0o755)
    (make.programs / f"python{RUNNING}").unlink()
    (make.programs / f"python{RUNNING}").symlink_to(sys._base_executable)

    assert f"\npython{RUNNING} -m venv --clear .venv\n" in make("--dry-run", "install").stdout


def test_a_python_that_does_not_do_is_told_before_anything_is_made(make):
    done = make("install", "PYTHON=false")

    assert done.returncode != 0
    assert "Python 3.10 to 3.13 is needed." in done.stdout
    assert not (make.programs.parent / "demo" / ".venv").exists()


def test_targets_are_listed(make):
    listed = {line.split()[0] for line in make("help").stdout.splitlines()}

    assert {"run", "test", "compile", "lint", "format", "lock", "upgrade", "images"} <= listed
