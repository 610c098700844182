"""The real command goes on from a run that failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def load(folder: str) -> str:
    return folder


@component
def need(folder: str) -> str:
    from pathlib import Path

    return Path(folder, "key").read_text()


@dsl.pipeline(name="needing")
def needing(folder: str) -> str:
    return need(folder=load(folder=folder).output).output
"""


@pytest.fixture
def kfpkit(project):
    """Return a function that runs the command in a project with a pipeline."""
    (project / "pipeline.py").write_text(PIPELINE)

    def call(*arguments: str, cwd: Path = project) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kfpkit", *arguments],
            cwd=cwd,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def list_words(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    return [line.split() for line in done.stdout.splitlines()]


def test_a_failed_run_is_gone_on_from(kfpkit, project):
    failed = kfpkit("run", ".", "--no-cache", "--param", f"folder={project}")
    assert failed.returncode == 1
    (project / "key").write_text("k")

    done = kfpkit("runs", "retry", "latest", "--json")

    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    name = record["retry"]["run"]
    assert f"Run {record['id']}, a retry of {name}" in done.stderr
    assert ": reused" in done.stderr
    assert "1 reused, 1 succeeded. See" in done.stderr.splitlines()[-1]
    assert record["command"] == ["kfpkit", "runs", "retry", "latest", "--json"]
    assert (record["parameters"]["folder"]["origin"], record["outputs"]["Output"]["value"]) == (
        "--param",
        "k",
    )
    assert ["Retry", "of", name] in list_words(kfpkit("runs", "show", "latest"))
    assert ["Reused", "from", name] in list_words(kfpkit("runs", "show", "latest", "load"))


def test_a_run_of_another_project_is_retried_there(kfpkit, project, tmp_path_factory):
    kfpkit("run", ".", "--param", f"folder={project}")
    (project / "key").write_text("k")
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    run = (project / ".kfpkit/runs/latest").resolve()
    done = kfpkit("runs", "retry", str(run), "--json", cwd=elsewhere)

    assert done.returncode == 0, done.stderr
    assert Path(json.loads(done.stdout)["folder"]).parent == run.parent
    assert not (elsewhere / ".kfpkit").exists()


def test_what_cannot_be_retried_is_refused(kfpkit, project):
    (project / "key").write_text("k")
    kfpkit("run", ".", "--param", f"folder={project}")

    refused = kfpkit("runs", "retry", "latest")
    assert refused.returncode == 1
    assert "cannot be retried: it succeeded. To run some of its tasks again" in refused.stderr
    assert "Traceback" not in refused.stderr

    unknown = kfpkit("runs", "retry", "latest", "loat")
    assert "has no task `loat`. Did you mean `load`?" in unknown.stderr

    again = kfpkit("runs", "retry", "latest", "need")
    assert again.returncode == 0, again.stderr
    assert "1 reused" in again.stdout.splitlines()[-1]
