"""Texts of source files, from compiled pipelines."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kfpkit.compiler import compile_pipeline
from kfpkit.loading import load_pipeline
from kfpkit.runs.comparing import read_texts

PIPELINE = """\
import kfpkit
import shares
from kfp import dsl


@kfpkit.component(base_image="python:3.11")
def compute(part: float) -> float:
    return shares.share(part)


@dsl.pipeline(name="computing")
def computing():
    compute(part=1.0)
"""
HELPER = "def share(part):\n    return part / 2\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Have the folder of a run of a pipeline with a helper."""
    tmp_path = tmp_path_factory.mktemp("computing")
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")
    (tmp_path / "shares.py").write_text(HELPER)
    (tmp_path / "computing.py").write_text(PIPELINE)
    folder = tmp_path / "run"
    compile_pipeline(load_pipeline(tmp_path / "computing.py"), folder / "pipeline.yaml")
    return folder


def test_the_texts_of_all_files_that_ship_are_read(run):
    texts = read_texts([run])

    assert texts[hashlib.sha256(HELPER.encode()).hexdigest()] == HELPER
    assert any("def compute" in text for text in texts.values())


@pytest.mark.parametrize("content", [None, "", "{", "[]", "deploymentSpec: 3\n"])
def test_a_run_whose_pipeline_cannot_be_read_has_no_texts(tmp_path, run, content):
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    if content is not None:
        (damaged / "pipeline.yaml").write_text(content)

    assert read_texts([damaged]) == {}
    assert read_texts([damaged, run]) == read_texts([run])


def test_components_of_others_have_no_texts(tmp_path):
    foreign = Path(tmp_path / "pipeline.yaml")
    foreign.write_text(
        "deploymentSpec:\n  executors:\n    exec-a:\n      container:\n        command: [sh, -c]\n"
    )

    assert read_texts([tmp_path]) == {}
