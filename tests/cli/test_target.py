"""`kfpkit target`."""

import json
import os
import subprocess
import sys

import pytest

SETTINGS = """
[tool.kfpkit.targets.dev]
kind = "vertex"
project = "my-project"
location = "europe-west4"
pipeline-root = "gs://my-bucket/root"

[tool.kfpkit.targets.laptop]
kind = "emulator"
"""


@pytest.fixture
def target(project):
    root = project({"pyproject.toml": SETTINGS})

    def run(*arguments, **variables):
        done = subprocess.run(
            [sys.executable, "-m", "kfpkit", "target", *arguments],
            cwd=root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_targets_are_listed(target):
    code, output, _ = target("list")
    assert code == 0
    assert [line.split() for line in output.splitlines()[1:]] == [
        ["dev", "vertex", "my-project", "europe-west4", "gs://my-bucket/root"],
        ["laptop", "emulator", "local-project", "europe-west4", "gs://local-bucket/pipelines"],
    ]


def test_targets_are_listed_for_programs(target):
    dev, laptop = json.loads(target("list", "--json")[1])
    assert (dev["name"], dev["pipeline-root"]) == ("dev", "gs://my-bucket/root")
    assert laptop["kind"] == "emulator"


def test_a_project_without_targets_is_told_how_to_add_one(project, target):
    project({"pyproject.toml": "[tool.kfpkit]\n"})
    code, output, _ = target("list")
    assert code == 0
    assert output.startswith("The project has no targets. To add one, add a table to")
    assert '[tool.kfpkit.targets.dev]\n  kind = "vertex"' in output
    assert target("list", "--json")[1] == "[]\n"


def test_a_check_needs_credentials(target, tmp_path):
    missing = str(tmp_path / "missing.json")
    code, _, errors = target("check", "dev", GOOGLE_APPLICATION_CREDENTIALS=missing)
    assert code == 1
    assert "error: There are no usable credentials for Google Cloud:" in errors


def test_an_unknown_target_is_refused(target):
    code, _, errors = target("check", "def")
    assert code == 1
    assert "has no target `def`. Did you mean `dev`?" in errors


def test_the_emulator_needs_its_environment(target):
    code, _, errors = target("check", "laptop")
    assert code == 1
    assert "kfpkit env new emulators --from kfpkit:emulators" in errors
