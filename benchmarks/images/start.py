"""Time from asking an engine for a container until it has imported its environment's library.

Machines differ: where a figure has a bar, the same import in the virtual environment is timed too.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import docker

from benchmarks.figures import Figure

ROUNDS = 7
BARS = {"gcp": 1.5, "sklearn": 1.5}
LIBRARIES = {
    "catboost-1": "catboost",
    "catboost-1-1": "catboost",
    "gcp": "google.cloud.bigquery, google.cloud.storage, pandas",
    "lightgbm": "lightgbm",
    "sklearn": "sklearn.ensemble",
    "tensorflow": "tensorflow",
    "xgboost-1": "xgboost",
    "xgboost-3": "xgboost",
}


def measure(
    engine: docker.DockerClient, images: Mapping[str, str], pythons: Mapping[str, Path]
) -> list[Figure]:
    """Start each image that has a known library, in turn, after a round that is not counted.

    Args:
        engine: An engine that has the images.
        images: The image references by environment.
        pythons: The interpreters of virtual environments by environment.
    """
    known = {name: image for name, image in images.items() if name in LIBRARIES}
    started: dict[str, list[float]] = {name: [] for name in known}
    imported: dict[str, list[float]] = {name: [] for name in known if name in BARS}
    for counted in range(-1, ROUNDS):
        for name, image in known.items():
            modules = LIBRARIES[name]
            elapsed = seconds_to_import(engine, image, modules)
            if counted >= 0:
                started[name].append(elapsed)
            if counted >= 0 and name in imported:
                imported[name].append(_seconds_to_import_here(pythons[name], modules))
    figures = []
    for name, runs in started.items():
        library = LIBRARIES[name].partition(",")[0]
        seconds = statistics.median(runs)
        figures.append(
            _figure(f"container start to {library}, {name}", seconds, bar=BARS.get(name))
        )
        if name in imported:
            here = statistics.median(imported[name])
            figures.append(_figure(f"import in the virtual environment, {name}", here, bar=None))
    return figures


def _figure(name: str, seconds: float, *, bar: float | None) -> Figure:
    return Figure(name=name, value=seconds, unit="s", bar=bar, below=True)


def seconds_to_import(engine: docker.DockerClient, image: str, modules: str) -> float:
    """Run a container as a strict cluster would: only `/tmp` can be written.

    The container tells when it has imported the modules, by the clock that it shares with us: its
    end and removal are not counted.
    """
    started = time.time()
    imported = engine.containers.run(
        image,
        ["python3", "-c", f"import time, {modules}; print(time.time())"],
        entrypoint="",
        network_mode="none",
        read_only=True,
        tmpfs={"/tmp": "mode=1777"},
        remove=True,
    )
    return float(imported) - started


def _seconds_to_import_here(python: Path, modules: str) -> float:
    started = time.time()
    command = [str(python), "-c", f"import time, {modules}; print(time.time())"]
    return float(subprocess.run(command, check=True, capture_output=True).stdout) - started
