"""Runs of small pipelines with the Python of the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from local.this_python import ThisPython

from kfpkit.compiler import compile_pipeline
from kfpkit.local import Configuration, RunResult, run_pipeline

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
            launcher=ThisPython(),
        )

    return run


@pytest.fixture
def states() -> Callable[[RunResult], dict[str, str]]:
    """Return a function that gives each task's state, in its word, by its name."""
    return lambda result: {task.name: task.state.value for task in result.tasks}
