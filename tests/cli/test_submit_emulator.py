"""`kfpkit submit` to the emulator: the same way as to Vertex AI, and the run really runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit.emulators import stop_emulator
from kfpkit.project import find_project

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.laptop]
kind = "emulator"
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def count(rows: int) -> int:
    print("counting", rows)
    if rows > 10:
        raise ValueError("too many rows")
    return rows + 1

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="counting")
def counting(rows: int):
    show(rows=count(rows=rows).output)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a project with the environment of the emulators."""
    folder = tmp_path_factory.mktemp("laptop")
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "counting.py").write_text(PIPELINE)
    shutil.copytree(REPOSITORY / "environments/emulators", folder / "environments/emulators")
    shutil.copy(REPOSITORY / "environments/kfp-runtime.txt", folder / "environments")
    yield folder
    stop_emulator("vertex", project=find_project(folder))


@pytest.fixture
def submit(root):
    def run(*options, rows):
        command = [sys.executable, "-m", "kfpkit", "submit", "counting.py", "--target", "laptop"]
        done = subprocess.run(
            [*command, "--param", f"rows={rows}", *options],
            cwd=root,
            env={**os.environ, "CI": ""},
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_run_is_submitted_waited_for_and_cached_the_next_time(submit):
    code, output, errors = submit("--wait", "--timeout", "3m", "--json", rows=3)
    assert code == 0, errors
    [facts] = json.loads(output)
    assert facts["state"] == "succeeded"
    assert [(task["name"], task["state"]) for task in facts["tasks"]] == [
        ("count", "succeeded"),
        ("show", "succeeded"),
    ]
    assert facts["link"] is None
    assert facts["template"].startswith("gs://local-bucket/pipelines/templates/counting/")

    code, output, errors = submit("--wait", "--timeout", "3m", rows=3)
    assert code == 0, errors
    assert "count: cached" in output
    assert "2 of 2 tasks from the cache" in output


def test_a_failed_run_is_one_and_its_id_is_taken(submit):
    code, output, errors = submit("--wait", "--timeout", "3m", "--id", "many", rows=11)
    assert code == 1, errors
    assert "count: failed" in output
    assert "Task `count` failed:" in errors

    code, output, _ = submit("--id", "many", rows=11)
    assert (code, output.splitlines()[0]) == (0, "many: exists already, failed")
    code, _, errors = submit("--id", "many", rows=12)
    assert code == 2
    assert "Another request has created the run `many`" in errors
