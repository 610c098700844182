"""What record and page cost a run: their time in a run of 120 tasks, their share in one of 200.

The runs are real, in the virtual environment of a locked environment. The time is the processor
time of the threads that describe and write, while the run goes on and at its end. The share
compares whole runs with runs that write neither, in turn.
"""

from __future__ import annotations

import functools
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.figures import Figure, ratio
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.local import Configuration, RunResult, run_pipeline
from kfpkit.local.record import Ending, Recorder, Start
from kfpkit.project.project import find_project
from kfpkit.runs.record import RunRecord, RunState

ROUNDS = 3
TASKS = 120
BAR = 100.0
PAIRS = 11
TRIVIAL = 200
RATIO = 1.03
ENVIRONMENT = "sklearn"
ROOT = Path(__file__).parent.parent
STEP = f"""\
import kfpkit
from kfp import dsl


@kfpkit.component(environment="{ENVIRONMENT}")
def step(number: int) -> int:
    return number + 1


"""
LOOPS = """\
@dsl.pipeline(name="loops")
def loops():
    with dsl.ParallelFor(list(range(10))) as outer:
        first = step(number=outer)
        second = step(number=first.output)
        with dsl.ParallelFor(list(range(5))) as inner:
            third = step(number=inner)
            step(number=third.output).after(second)
"""
FLAT = f"""\
@dsl.pipeline(name="flat")
def flat():
    for number in range({TRIVIAL}):
        step(number=number)
"""


def measure() -> list[Figure]:
    """Run the pipelines, and see what record and page take."""
    repository = find_project(ROOT)
    ensure_virtual_environment(find_environment(repository, ENVIRONMENT))
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        (root / "loops.py").write_text(STEP + LOOPS)
        (root / "flat.py").write_text(STEP + FLAT)
        shutil.copytree(repository.environments / ENVIRONMENT, root / "environments" / ENVIRONMENT)
        rounds = [_measure_run(root / "loops.py") for _ in range(ROUNDS)]
        recorded, bare = _compare_runs(root / "flat.py")
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
        Figure(
            name=f"run of {TRIVIAL} tasks / without record and page",
            value=ratio(recorded, bare),
            unit="x",
            bar=RATIO,
        ),
    ]


def _compare_runs(pipeline: Path) -> tuple[list[float], list[float]]:
    """Return the seconds of runs with record and page, and of runs without, in turn."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for counted in range(-1, PAIRS):
        # Each pair begins with the other kind, so that neither always has the warmer machine.
        for kind in (0, 1) if counted % 2 else (1, 0):
            started = time.perf_counter()
            with _unrecorded() if kind else nullcontext():
                _run(pipeline, TRIVIAL)
            if counted >= 0:
                seconds[kind].append(time.perf_counter() - started)
    return seconds


@contextmanager
def _unrecorded() -> Iterator[None]:
    """Let runs write neither record nor page, nor describe what they would hold."""
    ended = RunRecord(id="run", pipeline="flat", state=RunState.SUCCEEDED)
    with (
        mock.patch.object(Recorder, "write_state", return_value=None),
        mock.patch.object(Recorder, "describe_end", return_value=ended),
        mock.patch.object(Recorder, "write", return_value=None),
        mock.patch("kfpkit.local.record.ending.write_page", return_value=None),
    ):
        yield


def _measure_run(pipeline: Path) -> tuple[float, float]:
    spent: list[float] = []
    with _timed(spent):
        result = _run(pipeline, TASKS)
    return 1000 * sum(spent), result.folder.summary.stat().st_size / 1000


def _run(pipeline: Path, tasks: int) -> RunResult:
    result = run_pipeline(pipeline, configuration=Configuration(caching=False, max_parallel=4))
    if not result.succeeded or len(result.tasks) != tasks:
        raise SystemExit(f"the run has {len(result.tasks)} tasks and {result.state}")
    return result


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
