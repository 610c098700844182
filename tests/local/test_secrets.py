"""A run passes on the name of a secret, and what it leaves has no trace of the value."""

from __future__ import annotations

import pytest
from local.this_python import ThisPython

from kfpkit.configuration import collect_given
from kfpkit.errors import SecretsInProjectError
from kfpkit.local import run_pipeline
from kfpkit.runs.record import read_record

PIPELINE = """\
import kfpkit
from kfp import dsl

from kfpkit.helpers.secrets import read_secret


@kfpkit.component(base_image="python:3.11")
def call(key: str) -> int:
    value = read_secret(key)
    print(f"The key is {value}")
    return len(value)


@dsl.pipeline(name="calling")
def calling(key: str) -> int:
    return call(key=key).output
"""
NAME = "projects/p-1/secrets/api-key"
VALUE = "a value that occurs nowhere else"


@pytest.fixture
def root(project):
    """Return a project whose configuration refers to a secret."""
    text = f"parameters:\n  key:\n    secret: {NAME}\n"
    return project({"pipeline.py": PIPELINE, "config/dev.yaml": text})


def run(root):
    given = collect_given(root / "config" / "dev.yaml", pipeline=root, variables={})
    return run_pipeline(root, configuration=given, launcher=ThisPython())


@pytest.mark.parametrize("source", ["variable", "file"])
def test_a_task_reads_the_secret_and_nothing_keeps_it(root, source, monkeypatch, tmp_path):
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path / "secrets"))
    if source == "variable":
        monkeypatch.setenv("KFPKIT_SECRET_API_KEY", VALUE)
    else:
        (tmp_path / "secrets" / "p-1").mkdir(parents=True)
        (tmp_path / "secrets" / "p-1" / "api-key").write_text(f"{VALUE}\n")
    result = run(root)
    assert result.outputs["Output"] == len(VALUE)
    assert read_record(result.folder.path).parameters["key"].value == NAME
    (task,) = result.tasks
    assert "The key is ***" in task.log.read_text()
    for file in (each for each in root.rglob("*") if each.is_file()):
        assert VALUE.encode() not in file.read_bytes(), file


def test_a_secret_that_is_missing_fails_the_task_with_the_next_step(root, monkeypatch, tmp_path):
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path / "secrets"))
    result = run(root)
    (task,) = result.failures
    assert "KFPKIT_SECRET_API_KEY" in task.log.read_text()


def test_a_folder_of_secrets_in_the_project_is_refused(root, monkeypatch):
    (root / "secrets").mkdir()
    monkeypatch.setenv("KFPKIT_SECRETS", str(root / "secrets"))
    with pytest.raises(SecretsInProjectError, match="Move it elsewhere, and set `KFPKIT_SECRETS`"):
        run(root)
