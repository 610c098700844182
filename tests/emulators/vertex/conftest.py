"""Vertex AI's emulator for all tests of this folder, and a small pipeline that it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from kfpkit.compiler import compile_pipeline
from kfpkit.emulators import emulators, stop_emulator
from kfpkit.loading import load_pipeline
from kfpkit.project import Project, find_project

REPOSITORY = Path(__file__).parents[3]
PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def count(
    word: str, times: int, metrics: dsl.Output[dsl.Metrics], table: dsl.Output[dsl.Dataset]
) -> int:
    metrics.log_metric("letters", len(word) * times)
    with open(table.path, "w") as file:
        file.write(word * times)
    print("counted", word)
    return len(word) * times


@component
def check(letters: int, table: dsl.Input[dsl.Dataset], seconds: float) -> str:
    import time

    time.sleep(seconds)
    if letters == 13:
        raise ValueError("thirteen letters")
    with open(table.path) as file:
        return file.read()


@dsl.pipeline(name="letters")
def letters(word: str, times: int = 2, seconds: float = 0.0) -> str:
    counted = count(word=word, times=times)
    return check(
        letters=counted.outputs["Output"], table=counted.outputs["table"], seconds=seconds
    ).output
"""


def make_project(root: Path) -> Project:
    """Write a project that has the environment of the emulators."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text("[tool.kfpkit]\n")
    (root / "letters.py").write_text(PIPELINE)
    shutil.copytree(REPOSITORY / "environments/emulators", root / "environments/emulators")
    shutil.copy(REPOSITORY / "environments/kfp-runtime.txt", root / "environments")
    return find_project(root)


@pytest.fixture(scope="session")
def vertex_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("vertex"))


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[Project]:
    """Write a project of its own, whose emulator is stopped after the test."""
    project = make_project(tmp_path / "project")
    yield project
    stop_emulator("vertex", project=project)


@pytest.fixture(scope="session")
def compiled(vertex_project: Project) -> Path:
    pipeline = load_pipeline(vertex_project.root / "letters.py", None)
    return compile_pipeline(pipeline, vertex_project.root / "build/letters.yaml")


@pytest.fixture(scope="session")
def variables(vertex_project: Project) -> Iterator[Mapping[str, str]]:
    """Run the emulator for the session, and yield the variables of its clients."""
    logs = vertex_project.root / "logs"
    with emulators(["vertex"], project=vertex_project, log_folder=logs) as found:
        yield dict(found)
    stop_emulator("vertex", project=vertex_project)


@pytest.fixture
def address(variables: Mapping[str, str]) -> str:
    return variables["KFPKIT_VERTEX_EMULATOR_HOST"]


RunClient = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run_client(variables: Mapping[str, str]) -> RunClient:
    """Return a function that runs a script in which nothing points to the emulator."""

    def run(script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        return subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={**kept, **variables, **more},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    return run
