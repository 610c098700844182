"""What the tests of runs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from local.running import Run, run_in
from misbehaving import refused_address, serve

from kfpkit.local import RunResult

__all__ = ["refused_address", "serve"]  # fixtures


@pytest.fixture
def run(project: Any) -> Run:
    """Return a function that compiles a pipeline into a project and runs it there."""
    return run_in(project({}))


@pytest.fixture
def states() -> Callable[[RunResult], dict[str, str]]:
    """Return a function that gives each task's state, in its word, by its name."""
    return lambda result: {task.name: task.state.value for task in result.tasks}
