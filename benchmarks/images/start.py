"""Time from asking an engine for a container until it has imported its environment's library."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping

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


def measure(engine: docker.DockerClient, images: Mapping[str, str]) -> list[Figure]:
    """Start each image that has a known library, in turn, after a round that is not counted."""
    known = {name: image for name, image in images.items() if name in LIBRARIES}
    seconds: dict[str, list[float]] = {name: [] for name in known}
    for counted in range(-1, ROUNDS):
        for name, image in known.items():
            elapsed = seconds_to_import(engine, image, LIBRARIES[name])
            if counted >= 0:
                seconds[name].append(elapsed)
    return [
        Figure(
            name=f"container start to {LIBRARIES[name].partition(',')[0]}, {name}",
            value=statistics.median(runs),
            unit="s",
            bar=BARS.get(name),
            below=True,
        )
        for name, runs in seconds.items()
    ]


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
