"""`kfpkit env`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUNTIME = {"environments/kfp-runtime.txt": "kfp==2.17.0 --hash=sha256:0\n"}
DESCRIPTION = {"environments/bare/pyproject.toml": "[project]\nrequires-python = '==3.12.*'\n"}


@pytest.fixture
def kfpkit(project):
    root = project(RUNTIME | DESCRIPTION)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", "env", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    return run


def test_list_shows_a_line_for_each_environment(kfpkit):
    done = kfpkit("list")

    assert done.returncode == 0
    assert "bare" in done.stdout
    assert "3.12" in done.stdout
    assert "no lock" in done.stdout


def test_list_writes_json(kfpkit):
    (found,) = json.loads(kfpkit("list", "--json").stdout)

    assert found == {
        "name": "bare",
        "python": "3.12",
        "locked": False,
        "packages": 0,
        "image": None,
        "virtual_environment": False,
        "components": [],
    }


def test_check_fails_with_the_problem_and_the_remedy(kfpkit):
    done = kfpkit("check")

    assert done.returncode == 1
    assert done.stdout.startswith("bare: ")
    assert "Run `kfpkit env lock bare`" in done.stdout


def test_an_environment_that_does_not_exist_is_refused_with_the_nearest_name(kfpkit):
    done = kfpkit("lock", "bear")

    assert done.returncode == 1
    assert done.stderr.startswith("error: The environment `bear` does not exist.")
    assert done.stderr.endswith("Did you mean `bare`?\n")


def test_the_repositorys_environments_are_in_order():
    command = [sys.executable, "-m", "kfpkit", "env", "check"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "gcp: ok" in done.stdout
