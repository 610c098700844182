"""Runs of small pipelines with the Python of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, RunResult, run_pipeline

Run = Callable[..., RunResult]


def run_in(root: Path) -> Run:
    """Return a function that compiles a pipeline into a project and runs it there.

    Args:
        root: The project's folder.
    """

    def run(pipeline: Any, parameters: dict[str, str] | None = None, **settings: Any) -> RunResult:
        compiled = compile_pipeline(pipeline, root / "build" / "pipeline.yaml")
        return run_pipeline(
            compiled,
            configuration=Configuration(**settings),
            parameters=parameters,
            launcher=ThisPython(),
        )

    return run
