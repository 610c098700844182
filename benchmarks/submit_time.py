"""From a command to a created run: `kfpkit submit`, and the official client's `submit()`.

Both create runs of the training pipeline on the emulator of Vertex AI, which is running already,
from a new process. kfpkit also checks and compiles; the official client gets a compiled file. Each
run is cancelled at once, so that it doesn't slow down the next.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import Figure, ratio
from kfpkit.compiler import compile_pipeline
from kfpkit.configuration import collect_given
from kfpkit.emulators import emulators, stop_emulator
from kfpkit.loading import load_pipeline
from kfpkit.project import Project, find_project

ROUNDS = 5
BAR = 2.0
ROOT = Path(__file__).parent.parent
PIPELINE = "pipelines/training"
NAME = "projects/local-project/locations/europe-west4"
OFFICIAL = """\
import json
import sys

from google.cloud import aiplatform

aiplatform.init(project="local-project", location="europe-west4")
aiplatform.PipelineJob(
    display_name="training",
    template_path=sys.argv[1],
    job_id=sys.argv[2],
    pipeline_root="gs://local-bucket/official",
    parameter_values=json.loads(sys.argv[3]),
).submit()
"""


def measure() -> list[Figure]:
    """Time both, in turn."""
    with tempfile.TemporaryDirectory() as temporary:
        project = _write_project(Path(temporary) / "project")
        logs = project.root / "logs"
        try:
            with emulators(["vertex"], project=project, log_folder=logs) as variables:
                seconds = _time(project, variables)
        finally:
            stop_emulator("vertex", project=project)
    own, official = seconds["kfpkit"], seconds["official"]
    return [
        Figure(
            name="kfpkit submit, to the created run",
            value=statistics.median(own),
            unit="s",
            bar=BAR,
        ),
        Figure(name="submit() of the official client", value=statistics.median(official), unit="s"),
        Figure(name="kfpkit submit / official client", value=ratio(own, official), unit="x"),
    ]


def _write_project(root: Path) -> Project:
    for name in ("environments", "src", "pipelines"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return find_project(root)


def _time(project: Project, variables: Mapping[str, str]) -> dict[str, list[float]]:
    compiled = compile_pipeline(
        load_pipeline(project.root / PIPELINE), project.root / "build/training.yaml"
    )
    given = collect_given(ROOT / PIPELINE / "local.yaml", pipeline=ROOT / PIPELINE, variables={})
    values = json.dumps({each.name: each.value for each in given.values})
    submit = ("submit", PIPELINE, "--target", "laptop", "--config", "local.yaml", "--id")
    seconds: dict[str, list[float]] = {"kfpkit": [], "official": []}
    for number in range(-1, ROUNDS):
        commands = {
            "kfpkit": [sys.executable, "-m", "kfpkit", *submit, f"kfpkit-{number + 1}"],
            "official": [
                *(sys.executable, "-c", OFFICIAL),
                *(str(compiled), f"official-{number + 1}", values),
            ],
        }
        for name, command in commands.items():
            elapsed = _run(command, project.root, variables)
            _cancel(variables["KFPKIT_VERTEX_EMULATOR_HOST"], f"{name}-{number + 1}")
            if number >= 0:
                seconds[name].append(elapsed)
    return seconds


def _run(command: list[str], folder: Path, variables: Mapping[str, str]) -> float:
    started = time.perf_counter()
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, cwd=folder, env={**kept, **variables}, capture_output=True, text=True, check=False
    )
    elapsed = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"`{command[0]}` failed:\n{done.stdout}{done.stderr}")
    return elapsed


def _cancel(address: str, run: str) -> None:
    request = urllib.request.Request(
        f"{address}/v1/{NAME}/pipelineJobs/{run}:cancel",
        data=b"{}",
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60):
        pass
