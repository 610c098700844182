"""Time of the commands that read earlier runs: a list of 1,000, a comparison of two large ones.

Two runs of 120 tasks are made for real, with a change of a helper in between. Copies of the first
one's record stand for 998 others. Each command is one process, from its start to its end.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.project import write_helpers
from benchmarks.timing import in_turn

ROUNDS = 7
RUNS = 1_000
TASKS = 120
ENVIRONMENT = "sklearn"
ENVIRONMENTS = Path(__file__).parent.parent / "environments"
KFPKIT = str(Path(sysconfig.get_path("scripts")) / "kfpkit")
PIPELINE = """\
import kfpkit
from {module} import {function}
from kfp import dsl


@kfpkit.component(environment="{environment}")
def step(number: float) -> float:
    return {function}(number, 2.0)


@dsl.pipeline(name="many")
def many():
{body}"""
COMMANDS = {
    f"list {RUNS:,} runs": (["list"], 0.5),
    f"list all of {RUNS:,} runs": (["list", "--limit", "0"], None),
    f"compare two runs of {TASKS} tasks": (["compare", "latest~1", "latest"], 1.0),
}


def measure() -> list[Figure]:
    """Make the runs, and time the commands."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        _make_runs(root)
        seconds = in_turn(
            {name: [KFPKIT, "runs", *arguments] for name, (arguments, _) in COMMANDS.items()},
            rounds=ROUNDS,
            environment=dict(os.environ),
            folder=root,
        )
    return [
        Figure(name=name, value=statistics.median(seconds[name]), unit="s", bar=bar)
        for name, (_, bar) in COMMANDS.items()
    ]


def _make_runs(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
    shutil.copytree(ENVIRONMENTS / ENVIRONMENT, root / "environments" / ENVIRONMENT)
    module = write_helpers(root)[0]
    helper = (root / module.replace(".", "/")).with_suffix(".py")
    function = helper.read_text().split("def ")[1].partition("(")[0]
    calls = "".join(f"    step(number={index}.0)\n" for index in range(TASKS))
    (root / "many.py").write_text(
        PIPELINE.format(module=module, function=function, environment=ENVIRONMENT, body=calls)
    )
    _run_pipeline(root)
    helper.write_text(f"{helper.read_text()}\n\nCHANGED = True\n")
    _copy_record(root / ".kfpkit" / "runs")
    _run_pipeline(root)


def _run_pipeline(root: Path) -> None:
    command = [KFPKIT, "run", "many.py"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _copy_record(runs: Path) -> None:
    record = (runs / "latest" / "run.json").read_bytes()
    for number in range(RUNS - 2):
        folder = runs / f"20200101-000000-{number:03}-many"
        folder.mkdir()
        (folder / "run.json").write_bytes(record)
