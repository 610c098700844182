"""Runs of small pipelines with the Python of the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, RunResult, run_pipeline
from kfpkit.local.record import Progress, Silence

Run = Callable[..., RunResult]


def run_in(root: Path) -> Run:
    """Return a function that compiles a pipeline into a project and runs it there.

    Args:
        root: The project's folder.
    """

    def run(
        pipeline: Any,
        parameters: dict[str, str] | None = None,
        progress: Progress | None = None,
        **settings: Any,
    ) -> RunResult:
        compiled = compile_pipeline(pipeline, root / "build" / "pipeline.yaml")
        return run_pipeline(
            compiled,
            configuration=Configuration(**settings),
            parameters=parameters,
            launcher=ThisPython(),
            progress=progress,
        )

    return run


class Lines(Silence):
    """Keeps what is said of a run."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def wait_for(condition: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait until a condition holds, and return its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value
