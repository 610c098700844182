"""What a command costs before it does anything: processor time for the smallest of pipelines.

Compile, a run whose task comes from the cache, and `bundle show`. With a baseline, a revision of
this repository, the same commands of that revision run in turn with these, under the same Python
and with the same installed packages.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.timing import in_turn, processor_time

ROUNDS = 15
BAR = 0.65
ROOT = Path(__file__).parent.parent
ENVIRONMENT = "gcp"
COMMANDS = {
    "kfpkit compile": ["compile", "pipeline.py", "--output", "build"],
    "kfpkit run, cached": ["run", "pipeline.py"],
    "kfpkit bundle show": ["bundle", "show", "pipeline.py:step"],
}
PIPELINE = f"""\
import kfpkit
from kfp import dsl


@kfpkit.component(environment="{ENVIRONMENT}")
def step(number: int) -> int:
    return number + 1


@dsl.pipeline(name="one")
def one(number: int = 1) -> int:
    return step(number=number).output
"""


def measure(baseline: str | None = None) -> list[Figure]:
    """Time the commands, and those of a revision of this repository where one is named."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        project = _write_project(root / "project")
        sources = {"now": ROOT / "src"}
        if baseline is not None:
            sources["baseline"] = _check_out(baseline, root / "baseline")
        return [
            figure
            for name, arguments in COMMANDS.items()
            for figure in _measure_command(name, arguments, sources, project)
        ]


def _write_project(root: Path) -> Path:
    shutil.copytree(ROOT / "environments" / ENVIRONMENT, root / "environments" / ENVIRONMENT)
    (root / "pyproject.toml").write_text("[tool.kfpkit]\n")
    (root / "pipeline.py").write_text(PIPELINE)
    return root


def _check_out(revision: str, folder: Path) -> Path:
    folder.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", revision, "src"], check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder / "src"


def _measure_command(
    name: str, arguments: list[str], sources: dict[str, Path], project: Path
) -> list[Figure]:
    # The program's own variables choose whose code runs, so one environment serves all.
    commands = {
        version: ["env", f"PYTHONPATH={source}", sys.executable, "-m", "kfpkit", *arguments]
        for version, source in sources.items()
    }
    # Each version's byte code is written in the round that is not counted.
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    seconds = in_turn(
        commands, rounds=ROUNDS, environment=environment, folder=project, clock=processor_time
    )
    now = seconds["now"]
    figures = [Figure(name=f"{name}, processor time", value=statistics.median(now), unit="s")]
    if "baseline" in seconds:
        value = ratio(now, seconds["baseline"])
        figures.append(Figure(name=f"{name}, now / baseline", value=value, unit="x", bar=BAR))
    return figures
