"""A run that is killed leaves nothing running, and the next one says that it broke off."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from kfp import dsl
from local.running import Lines, wait_for
from local.steps import say
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import Configuration, run_pipeline
from kfpkit.local.record.presence import present, settle_broken_runs
from kfpkit.local.record.run_folder import create_run_folder
from kfpkit.project.project import find_project
from kfpkit.runs.record import RunRecord, RunState, write_record

# `first` ends, `sleep` runs until it is killed, and `late` never starts.
SCRIPT = """
from pathlib import Path
from kfp import dsl
from local.steps import component, say
from local.this_python import ThisPython
from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import run_pipeline

@component
def sleep(text: str) -> str:
    import os, subprocess, sys, time

    code = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = subprocess.Popen(code, start_new_session=True)
    print("pids", os.getpid(), child.pid, flush=True)
    time.sleep(60)
    return text

@dsl.pipeline(name="killed")
def killed() -> str:
    return say(text=sleep(text=say(text="x").output).output).output

run_pipeline(compile_pipeline(killed, Path("pipeline.yaml")), launcher=ThisPython())
"""


@dsl.pipeline(name="small")
def small() -> str:
    return say(text="x").output


def run_small(root: Path) -> list[str]:
    lines = Lines()
    compiled = compile_pipeline(small, root / "small.yaml")
    run_pipeline(compiled, configuration=Configuration(), launcher=ThisPython(), progress=lines)
    return lines.lines


def is_alive(pid: int) -> bool:
    return (
        subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode == 0
    )


def states(folder: Path) -> tuple[str, dict[str, str]]:
    record = json.loads((folder / "run.json").read_text())
    return record["state"], {task["name"]: task["state"] for task in record["tasks"]}


@pytest.fixture
def killed(project):
    """Kill a run whose second task is running; gives the project, the run's folder and the pids."""
    root = project({"run.py": SCRIPT})
    path = os.pathsep.join(sys.path)
    runner = subprocess.Popen(
        [sys.executable, "run.py"], cwd=root, env={**os.environ, "PYTHONPATH": path}
    )
    try:
        log = root / ".kfpkit/runs/latest/tasks/sleep/log.txt"
        found = wait_for(lambda: log.exists() and re.findall(r"pids (\d+) (\d+)", log.read_text()))
        folder = log.parents[2].resolve()
        wait_for(lambda: states(folder)[1].get("sleep") == "running")
    finally:
        runner.kill()
        runner.wait()
    return root, folder, [int(pid) for pid in found[0]]


def test_no_task_and_nothing_that_it_started_outlives_a_killed_run(killed):
    _, _, pids = killed
    assert len(pids) == 2
    wait_for(lambda: not any(map(is_alive, pids)))


def test_the_next_run_says_once_that_a_run_broke_off(killed):
    root, folder, _ = killed
    assert states(folder) == (
        "running",
        {"say": "succeeded", "sleep": "running", "say-2": "waiting"},
    )

    first, second = run_small(root), run_small(root)

    assert first[0].startswith(f"The run {folder.name} was interrupted: its process was killed")
    assert not any("was interrupted" in line for line in second)
    tasks = json.loads((folder / "run.json").read_text())["tasks"]
    assert ["seconds" in task for task in tasks] == [True, False, False]
    after = {"say": "succeeded", "sleep": "stopped", "say-2": "not started"}
    assert states(folder) == ("broken off", after)


def test_a_run_that_goes_on_has_not_broken_off(project):
    root = project({})
    folder = create_run_folder(find_project(root), "going-on", b"")
    write_record(RunRecord(id="r", pipeline="p", state=RunState.RUNNING), folder.path)
    with present(folder):
        assert settle_broken_runs(find_project(root)) == []
    assert json.loads(folder.summary.read_text())["state"] == "running"


def test_a_run_that_was_killed_after_its_end_has_not_broken_off(project):
    root = project({})
    folder = create_run_folder(find_project(root), "over", b"")
    write_record(RunRecord(id="r", pipeline="p", state=RunState.FAILED), folder.path)
    (folder.path / "running.lock").touch()

    assert settle_broken_runs(find_project(root)) == []
    assert json.loads(folder.summary.read_text())["state"] == "failed"
    assert not (folder.path / "running.lock").exists()


def test_a_run_without_a_record_stays_as_it_is(project):
    root = project({})
    folder = create_run_folder(find_project(root), "begun", b"")
    (folder.path / "running.lock").touch()

    assert settle_broken_runs(find_project(root)) == []
