"""What record and page cost a run of 120 tasks in nested loops, all writes together.

The run is a real one, in the virtual environment of a locked environment. What is measured is the
processor time of the threads that describe and write, while the run goes on and at its end.
"""

from __future__ import annotations

import functools
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.figures import Figure
from kfpkit.config.project import find_project
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.local import Configuration, RunResult, run_pipeline
from kfpkit.local.record import Ending, Recorder, Start

ROUNDS = 3
TASKS = 120
BAR = 100.0
ENVIRONMENT = "sklearn"
ROOT = Path(__file__).parent.parent
PIPELINE = f"""\
import kfpkit
from kfp import dsl


@kfpkit.component(environment="{ENVIRONMENT}")
def step(number: int) -> int:
    return number + 1


@dsl.pipeline(name="loops")
def loops():
    with dsl.ParallelFor(list(range(10))) as outer:
        first = step(number=outer)
        second = step(number=first.output)
        with dsl.ParallelFor(list(range(5))) as inner:
            third = step(number=inner)
            step(number=third.output).after(second)
"""


def measure() -> list[Figure]:
    """Run the pipeline, and add up what its record takes."""
    repository = find_project(ROOT)
    ensure_virtual_environment(find_environment(repository, ENVIRONMENT))
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        (root / "loops.py").write_text(PIPELINE)
        shutil.copytree(repository.environments / ENVIRONMENT, root / "environments" / ENVIRONMENT)
        rounds = [_measure_run(root / "loops.py") for _ in range(ROUNDS)]
    cost, sizes = zip(*rounds, strict=True)
    run = f"run of {TASKS} tasks"
    return [
        Figure(
            name=f"writing record and page of a {run}",
            value=statistics.median(cost),
            unit="ms",
            bar=BAR,
        ),
        Figure(name=f"size of the record of a {run}", value=statistics.median(sizes), unit="kB"),
    ]


def _measure_run(pipeline: Path) -> tuple[float, float]:
    spent: list[float] = []
    with _timed(spent):
        result = run_pipeline(pipeline, configuration=Configuration(caching=False, max_parallel=4))
    _require_tasks(result)
    return 1000 * sum(spent), result.folder.summary.stat().st_size / 1000


def _require_tasks(result: RunResult) -> None:
    if not result.succeeded or len(result.tasks) != TASKS:
        raise SystemExit(f"the run has {len(result.tasks)} tasks and {result.state}")


@contextmanager
def _timed(spent: list[float]) -> Iterator[None]:
    """Note the time of each call that has to do with the record."""
    with ExitStack() as stack:
        for owner, name in (
            (Start, "describe"),
            (Recorder, "write_state"),
            (Ending, "record"),
        ):
            timed = _note_time(getattr(owner, name), spent)
            stack.enter_context(mock.patch.object(owner, name, timed))
        yield


def _note_time(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any) -> Any:
        started = time.thread_time()
        try:
            return function(*arguments)
        finally:
            spent.append(time.thread_time() - started)

    return timed
