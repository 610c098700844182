"""An emulator that is killed at every tenth request, and at every tenth step of its jobs."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import yaml

from kfpkit.compiler import compile_pipeline
from kfpkit.emulators import read_status, start_emulator
from kfpkit.loading import load_pipeline

PLACE = "v1/projects/p/locations/europe-west4/pipelineJobs"
JOBS = 2
MOST = 6  # kills; without an end to them, jobs would never get on
TASKS = 4
ENDED = {"PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED"}
PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def step(name: str, folder: str, before: str = "") -> str:
    import fcntl
    import os
    import time

    # What runs twice at once finds the lock taken, and says so.
    with open(os.path.join(folder, name + ".lock"), "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            open(os.path.join(folder, name + ".twice"), "a").close()
            raise
        time.sleep(0.8)
    return before + name


@dsl.pipeline(name="steps")
def steps(folder: str) -> str:
    # Without the cache, only the job's own record tells what has finished.
    task = step(name="first", folder=folder).set_caching_options(False)
    for name in ("second", "third", "fourth"):
        task = step(name=name, folder=folder, before=task.output).set_caching_options(False)
    return task.output
"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Killer:
    """Sends requests to an emulator, and kills it at every tenth request and every tenth step."""

    def __init__(self, project, seed):
        self.project = project
        self.chance = random.Random(seed)
        self.address = ""
        self.requests = self.kills = 0
        self.finished = False
        self.seen: set[tuple[str, str, str]] = set()

    def start(self):
        self.address = start_emulator("vertex", project=self.project)["KFPKIT_VERTEX_EMULATOR_HOST"]

    def kill(self):
        status = read_status("vertex", project=self.project)
        with contextlib.suppress(ProcessLookupError):
            os.kill(status.process, signal.SIGKILL)
        while read_status("vertex", project=self.project).address:
            time.sleep(0.02)
        self.kills += 1

    def send(self, verb, path, content=None) -> requests.Response | None:
        """Send a request. None if the emulator was killed before it has answered."""
        self.requests += 1
        killer = None
        if self.requests % 10 == 0 and self.kills < MOST:
            killer = threading.Timer(self.chance.uniform(0, 0.03), self.kill)
            killer.start()
        try:
            answer = requests.request(verb, f"{self.address}/{path}", json=content, timeout=30)
        except requests.ConnectionError:
            answer = None
        if killer is not None:
            killer.join()
            self.start()
        return answer

    def ask(self, verb, path, content=None) -> requests.Response:
        """Send a request until it is answered."""
        while (answer := self.send(verb, path, content)) is None:
            pass
        return answer

    def read_state(self, name) -> str:
        answer = self.ask("GET", f"{PLACE}/{name}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    def follow(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.count_steps()
            time.sleep(0.01)

    def count_steps(self):
        """Look for changes of tasks in the records of the jobs' runs, and kill at every tenth.

        The first task that finishes is one more step, so that a job has something to take.
        """
        for file in (self.project.state / "runs").glob("2*/run.json"):
            record = json.loads(file.read_text())
            for task in record.get("tasks", []):
                if (step := (file.parent.name, task["name"], task["state"])) not in self.seen:
                    self.seen.add(step)
                    is_first = task["state"] == "succeeded" and not self.finished
                    self.finished = self.finished or is_first
                    if is_first or (len(self.seen) % 10 == 0 and self.kills < MOST):
                        self.kill()
                        self.start()


@pytest.fixture(scope="module")
def specification(vertex_project) -> dict[str, Any]:
    file = vertex_project.root / "killed_steps.py"
    file.write_text(PIPELINE)
    compiled = compile_pipeline(load_pipeline(file, None), file.with_suffix(".yaml"))
    return yaml.safe_load(compiled.read_text())


@pytest.fixture
def create(specification, tmp_path) -> Callable[[Killer, str], None]:
    def send(killer, name):
        folder = tmp_path / name
        folder.mkdir()
        job = {
            "displayName": name,
            "pipelineSpec": specification,
            "runtimeConfig": {
                "gcsOutputDirectory": "gs://b/r",
                "parameterValues": {"folder": str(folder)},
            },
        }
        # As kfpkit does: the id tells whether a request without an answer was taken.
        answer = killer.ask("POST", f"{PLACE}?pipelineJobId={name}", job)
        assert answer.status_code in {200, 409}, answer.text

    return send


def list_runs(project, job: str) -> list[dict[str, Any]]:
    """Return the records of a job's runs, from the oldest to the newest."""
    texts = [run.read_text() for run in sorted((project.state / "runs").glob("2*/run.json"))]
    return [json.loads(text) for text in texts if f'/{job}"' in text]


@pytest.mark.parametrize("seed", [1, 2])
def test_jobs_survive_kills_at_every_tenth_request_and_step(new_project, create, tmp_path, seed):
    killer = Killer(new_project, seed)
    killer.start()
    names = [f"job-{number}" for number in range(JOBS)]
    for name in names:
        create(killer, name)
    states: dict[str, str] = {}
    while not ENDED.issuperset(states.values()) or not states:
        states = {name: killer.read_state(name) for name in names}
        killer.follow(0.8)

    assert killer.kills >= 3
    assert len(killer.seen) >= 10
    listed = killer.ask("GET", PLACE).json()["pipelineJobs"]
    assert sorted(each["name"].rpartition("/")[2] for each in listed) == names
    assert states == dict.fromkeys(names, "PIPELINE_STATE_SUCCEEDED")
    assert not list(tmp_path.glob("*/*.twice"))
    kept = 0
    for name in names:
        finished: set[str] = set()
        for run in list_runs(new_project, name):
            tasks = {each["name"]: each for each in run["tasks"]}
            # A run that was killed as soon as it had started has no tasks.
            assert not {each for each in finished & tasks.keys() if tasks[each].get("attempts")}
            kept += len(finished)
            finished |= {each for each in tasks if tasks[each]["state"] in {"succeeded", "cached"}}
        assert len(finished) == TASKS
    assert kept
