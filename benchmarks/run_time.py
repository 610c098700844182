"""Time of whole local runs of 30 trivial tasks, against `kfp.local` with the same functions.

Each run is one process, from its start to its end, with caching off. `kfp.local` runs its tasks in
the author's own virtual environment (`SubprocessRunner(use_venv=False)`); kfpkit runs them in the
virtual environment of a locked environment, or in a plain one where the image is no environment's.

The bars compare tasks of the same Python, because versions of Python import KFP at different
speeds. The environment `sklearn`, with a Python of its own, is shown beside them.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.timing import in_turn
from kfpkit.environments import find_environment
from kfpkit.environments.locking import Blueprint, create_environment
from kfpkit.environments.tools.interpreters import RUNNING
from kfpkit.environments.venvs import ensure_plain_virtual_environment, ensure_virtual_environment
from kfpkit.project.project import find_project

ROUNDS = 7
TASKS = 30
ENVIRONMENT = "sklearn"
SAME_PYTHON = "same-python"  # created for the measurement, without dependencies
ROOT = Path(__file__).parent.parent
ROADS = {
    "kfp.local": 'dsl.component(base_image="python:3.11", install_kfp_package=False)',
    "environments": f'kfpkit.component(environment="{SAME_PYTHON}")',
    f"environment {ENVIRONMENT}": f'kfpkit.component(environment="{ENVIRONMENT}")',
    "foreign images": 'kfpkit.component(base_image="python:3.11")',
}
BARS = {"environments": 1.0, "foreign images": 1.1}
SHAPES = ("in a chain", "side by side")
PIPELINE = """\
import kfpkit
from kfp import dsl


@{decorator}
def step(number: int) -> int:
    return number + 1


@dsl.pipeline(name="tasks")
def tasks(number: int = 0):
{body}"""
KFP_LOCAL = """\
from kfp import local

from {module} import tasks

local.init(
    local.SubprocessRunner(use_venv=False),
    pipeline_root="outputs",
    workspace_root="workspace",
    raise_on_error=True,
)
tasks()
"""


def measure() -> list[Figure]:
    """Run the pipelines on all roads."""
    repository = find_project(ROOT)
    ensure_virtual_environment(find_environment(repository, ENVIRONMENT))
    ensure_plain_virtual_environment(RUNNING)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        shutil.copytree(repository.environments / ENVIRONMENT, root / "environments" / ENVIRONMENT)
        blueprint = Blueprint(name=SAME_PYTHON, python=RUNNING)
        ensure_virtual_environment(create_environment(find_project(root), blueprint))
        return [figure for shape in SHAPES for figure in _measure_shape(root, shape)]


def _measure_shape(root: Path, shape: str) -> list[Figure]:
    commands = {road: _command(root, shape, road) for road in ROADS}
    seconds = in_turn(commands, rounds=ROUNDS, environment=dict(os.environ), folder=root)
    theirs = seconds["kfp.local"]
    return [
        *(
            Figure(name=f"{TASKS} tasks {shape}, {road}", value=statistics.median(runs), unit="s")
            for road, runs in seconds.items()
        ),
        *(
            Figure(
                name=f"{TASKS} tasks {shape}, {road} / kfp.local",
                value=ratio(seconds[road], theirs),
                unit="x",
                bar=BARS.get(road),
            )
            for road in ROADS
            if road != "kfp.local"
        ),
    ]


def _command(root: Path, shape: str, road: str) -> list[str]:
    name = f"{road}_{shape}".replace(" ", "_").replace(".", "_")
    file = root / f"{name}.py"
    file.write_text(PIPELINE.format(decorator=ROADS[road], body=_body(shape)))
    if road != "kfp.local":
        kfpkit = str(Path(sysconfig.get_path("scripts")) / "kfpkit")
        return [kfpkit, "run", str(file), "--no-cache"]
    program = root / f"run_{name}.py"
    program.write_text(KFP_LOCAL.format(module=name))
    return [sys.executable, str(program)]


def _body(shape: str) -> str:
    given = ["number", *(f"task_{index}.output" for index in range(TASKS))]
    chained = shape == SHAPES[0]
    return "".join(
        f"    task_{index} = step(number={given[index] if chained else 'number'})\n"
        for index in range(TASKS)
    )
