"""Time of two LightGBM fits in one run: one after the other, and side by side on two processors.

Each fit is a task in the virtual environment of `lightgbm`. What counts is the time during which at
least one fit runs, without the starts of the tasks around them. *All threads* sets
`OMP_NUM_THREADS` to 2 for both, which is what happens where tasks do not share the processors.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.figures import Figure, ratio
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.project.project import find_project

ROUNDS = 5
ENVIRONMENT = "lightgbm"
PROCESSORS = 2
BAR = 1.2
ROOT = Path(__file__).parent.parent
PIPELINE = """\
import kfpkit
from kfp import dsl


@kfpkit.component(environment="lightgbm")
def fit(seed: int) -> list:
    import time

    import lightgbm
    import numpy as np

    random = np.random.default_rng(seed)
    rows = random.normal(size=(100_000, 20))
    labels = (rows[:, :5].sum(axis=1) > 0).astype(int)
    start = time.time()
    lightgbm.LGBMClassifier(n_estimators=200, verbose=-1, random_state=seed).fit(rows, labels)
    return [start, time.time()]


@dsl.pipeline(name="fits")
def fits():
    first = fit(seed=1)
    second = fit(seed=2)
"""
ORDER = "    second.after(first)\n"
ROADS = {
    "one after the other": (ORDER, ""),
    "side by side": ("", ""),
    "side by side, all threads": (
        "",
        f"environment_variables: {{OMP_NUM_THREADS: '{PROCESSORS}'}}\n",
    ),
}


def measure() -> list[Figure]:
    """Run the pipelines in turn, on two processors."""
    repository = find_project(ROOT)
    ensure_virtual_environment(find_environment(repository, ENVIRONMENT))
    with tempfile.TemporaryDirectory() as temporary, _two_processors():
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        shutil.copytree(repository.environments / ENVIRONMENT, root / "environments" / ENVIRONMENT)
        seconds: dict[str, list[float]] = {road: [] for road in ROADS}
        for counted in range(-1, ROUNDS):
            for road in ROADS:
                took = _run(root, road)
                seconds[road] += [took] if counted >= 0 else []
    return _figures(seconds)


def _figures(seconds: dict[str, list[float]]) -> list[Figure]:
    one_by_one, side_by_side, _ = seconds
    return [
        *(
            Figure(name=f"two LightGBM fits {road}", value=statistics.median(runs), unit="s")
            for road, runs in seconds.items()
        ),
        Figure(
            name=f"two LightGBM fits {side_by_side} / {one_by_one}",
            value=ratio(seconds[side_by_side], seconds[one_by_one]),
            unit="x",
            bar=BAR,
        ),
    ]


@contextlib.contextmanager
def _two_processors() -> Iterator[None]:
    """Keep what is started on two processors, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:PROCESSORS]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _run(root: Path, road: str) -> float:
    order, configuration = ROADS[road]
    (root / "fits.py").write_text(PIPELINE + order)
    (root / "fits.yaml").write_text(configuration)
    kfpkit = str(Path(sysconfig.get_path("scripts")) / "kfpkit")
    command = [kfpkit, "run", "fits.py", "--config", "fits.yaml", "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    tasks = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())["tasks"]
    return _measure_union([tuple(task["outputs"]["Output"]["value"]) for task in tasks])


def _measure_union(intervals: Iterable[tuple[float, float]]) -> float:
    """Return how long at least one of some intervals lasts."""
    total, until = 0.0, 0.0
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total
