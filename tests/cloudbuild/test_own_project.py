"""The build files that a new project has, and parts of such files that other pages show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from google.cloud.devtools.cloudbuild_v1.types import Build, BuildOptions
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.scaffold.templates import TEMPLATE

ROOT = Path(__file__).parents[2]
FOLDER = TEMPLATE / "cloudbuild"
BLOCK = re.compile(r'^```yaml title="cloudbuild.yaml"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BUILT_IN = {"BUILD_ID", "PROJECT_ID"}


@pytest.fixture(params=["environments.yaml", "pull-request.yaml"])
def text(request) -> str:
    return (FOLDER / request.param).read_text(encoding="utf-8")


def read(text) -> Build:
    return Build.from_json(json.dumps(yaml.safe_load(text)))


def commands(build, entrypoint):
    return [list(step.args) for step in build.steps if step.entrypoint == entrypoint]


def test_cloud_build_takes_the_file(text):
    build = read(text)

    assert all(step.id and step.timeout for step in build.steps)
    assert (
        sum(step.timeout.total_seconds() for step in build.steps) <= build.timeout.total_seconds()
    )
    assert build.options.logging == BuildOptions.LoggingMode.CLOUD_LOGGING_ONLY


def test_cloud_build_takes_the_parts_that_other_pages_show():
    page = ROOT / "docs" / "how-to" / "environments.md"
    parts = BLOCK.findall(page.read_text(encoding="utf-8"))

    assert parts
    for part in parts:
        read(part)


def test_every_command_exists(text):
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))

    assert {target for (target,) in commands(read(text), "make")} <= targets
    for arguments in commands(read(text), ".venv/bin/kfpkit"):
        # With `--help` behind them, the arguments are parsed and nothing is done.
        result = CliRunner().invoke(app, [*arguments, "--help"])
        assert result.exit_code == 0, result.output


def test_images_are_tested_before_they_are_pushed_and_pushed_before_they_are_pinned():
    steps = read((FOLDER / "environments.yaml").read_text(encoding="utf-8")).steps

    assert [step.id for step in steps] == ["install", "check", "build", "test", "push", "compile"]


def test_what_a_test_shares_with_its_container_lies_where_the_clone_is():
    steps = read((FOLDER / "environments.yaml").read_text(encoding="utf-8")).steps
    (tests,) = [step for step in steps if "--containers" in step.args]

    assert list(tests.env) == ["TMPDIR=/workspace"]


def test_substitutions_are_declared_and_used(text):
    used = set(re.findall(r"\$\{?([A-Z_]+)\}?", text)) - BUILT_IN

    assert used == set(yaml.safe_load(text)["substitutions"])


def test_the_builder_is_the_one_of_the_guide():
    own, guides = (
        [
            line
            for line in (folder / "builder" / "Dockerfile").read_text().splitlines()
            if not line.startswith("#")
        ]
        for folder in (FOLDER, ROOT / "cloudbuild")
    )

    assert own == guides
