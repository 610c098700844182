"""The build file that the documentation gives to a project that uses kfpkit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from google.cloud.devtools.cloudbuild_v1.types import Build, BuildOptions
from typer.testing import CliRunner

from kfpkit.cli import app

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r'^```yaml title="cloudbuild.yaml"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BUILT_IN = {"BUILD_ID", "PROJECT_ID"}


@pytest.fixture
def text() -> str:
    (found,) = BLOCK.findall((DOCS / "how-to" / "own-project.md").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def build(text) -> Build:
    return Build.from_json(json.dumps(yaml.safe_load(text)))


def test_cloud_build_takes_the_file(build):
    assert all(step.id and step.timeout for step in build.steps)
    assert (
        sum(step.timeout.total_seconds() for step in build.steps) <= build.timeout.total_seconds()
    )
    assert build.options.logging == BuildOptions.LoggingMode.CLOUD_LOGGING_ONLY


def test_cloud_build_takes_the_parts_that_other_pages_show():
    parts = BLOCK.findall((DOCS / "how-to" / "environments.md").read_text(encoding="utf-8"))

    assert parts
    for part in parts:
        Build.from_json(json.dumps(yaml.safe_load(part)))


def test_every_command_of_kfpkit_exists(build):
    commands = [list(step.args) for step in build.steps if step.entrypoint == ".venv/bin/kfpkit"]

    assert commands
    for arguments in commands:
        # With `--help` behind them, the arguments are parsed and nothing is done.
        result = CliRunner().invoke(app, [*arguments, "--help"])
        assert result.exit_code == 0, result.output


def test_images_are_tested_before_they_are_pushed_and_pushed_before_they_are_pinned(build):
    steps = [step.id for step in build.steps]

    assert steps == ["install", "check", "build", "test", "push", "compile"]


def test_what_a_test_shares_with_its_container_lies_where_the_clone_is(build):
    (tests,) = [step for step in build.steps if "--containers" in step.args]

    assert list(tests.env) == ["TMPDIR=/workspace"]


def test_substitutions_are_declared_and_used(text):
    used = set(re.findall(r"\$\{?([A-Z_]+)\}?", text)) - BUILT_IN

    assert used == set(yaml.safe_load(text)["substitutions"])
