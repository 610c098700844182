"""Time to make each environment's virtual environment from its lock, with a warm cache.

Warm means that uv's cache holds the wheels: each virtual environment is made once before the clock
starts. It is then made anew, in an empty folder, as a run makes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from kfpkit.environments import Environment
from kfpkit.environments.venvs import ensure_virtual_environment

ROUNDS = 3
BAR = 5.0
WITHOUT_BAR = frozenset({"tensorflow"})  # a gigabyte of byte code and files to link


def measure(environments: Sequence[Environment]) -> list[Figure]:
    """Make each virtual environment anew and take the median time."""
    return [_figure(environment) for environment in environments]


def _figure(environment: Environment) -> Figure:
    with _empty_cache():
        shutil.rmtree(ensure_virtual_environment(environment))
        seconds = [_seconds(environment) for _ in range(ROUNDS)]
    return Figure(
        name=f"virtual environment from a warm cache, {environment.name}",
        value=statistics.median(seconds),
        unit="s",
        bar=None if environment.name in WITHOUT_BAR else BAR,
        below=True,
    )


def _seconds(environment: Environment) -> float:
    started = time.perf_counter()
    folder = ensure_virtual_environment(environment)
    elapsed = time.perf_counter() - started
    shutil.rmtree(folder)
    return elapsed


@contextlib.contextmanager
def _empty_cache() -> Iterator[None]:
    """Point kfpkit to an empty folder for virtual environments, beside the user's own."""
    before = os.environ.get("KFPKIT_CACHE_DIR")
    # In the home folder, on uv's file system: uv links the files of its cache.
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        os.environ["KFPKIT_CACHE_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["KFPKIT_CACHE_DIR"]
            if before is not None:
                os.environ["KFPKIT_CACHE_DIR"] = before
