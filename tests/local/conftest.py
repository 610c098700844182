"""Runs of small pipelines with the Python of the tests."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from kfpkit.compiler import compile_pipeline
from kfpkit.local import Configuration, RunResult, run_pipeline


class ThisPython:
    """Runs every task with the Python that runs the tests, whatever its image."""

    def name(self, image: str) -> str:
        return "here"

    def check(self, images: Collection[str]) -> None:
        pass

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        pass

    @contextlib.contextmanager
    def environment(self, image: str, *, scratch: Path) -> Iterator[Path]:
        yield Path(sys.prefix)


Run = Callable[..., RunResult]


@pytest.fixture
def run(project: Any) -> Run:
    """Return a function that compiles a pipeline into a project and runs it there."""
    root = project({})

    def run(pipeline: Any, parameters: dict[str, str] | None = None, **settings: Any) -> RunResult:
        compiled = compile_pipeline(pipeline, root / "build" / "pipeline.yaml")
        return run_pipeline(
            compiled,
            configuration=Configuration(**settings),
            parameters=parameters,
            interpreters=ThisPython(),
        )

    return run


@pytest.fixture
def states() -> Callable[[RunResult], dict[str, str]]:
    """Return a function that gives each task's state, in its word, by its name."""
    return lambda result: {task.name: task.state.value for task in result.tasks}
