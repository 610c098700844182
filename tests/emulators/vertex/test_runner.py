"""What follows the jobs of Vertex AI's emulator outlasts faults, and logs each once."""

from __future__ import annotations

import logging
import sys
import time

import pytest

from kfpkit.emulators.servers.vertex.google_messages import make_message
from kfpkit.emulators.servers.vertex.jobs import Runner, Settings
from kfpkit.emulators.servers.vertex.names import Projects
from kfpkit.emulators.servers.vertex.services.artifact_registry import ArtifactRegistry
from kfpkit.emulators.servers.vertex.services.operations import Operations
from kfpkit.emulators.servers.vertex.services.pipelines import Pipelines
from kfpkit.emulators.servers.vertex.services.templates import Templates
from kfpkit.emulators.servers.vertex.store import Store

PARENT = "projects/p/locations/europe-west4"
RECORD = '{"state": "succeeded", "tasks": []}'
# A job's process that records a run at once, and ends when its standard input is closed.
PROCESS = """
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
record = json.loads((folder / "job.json").read_text())["parameters"]["record"]
run = pathlib.Path(".kfpkit/runs") / folder.name
run.mkdir(parents=True)
(run / "run.json").write_text(record)
(folder / "runs.txt").write_text(run.name)
if not record.endswith("}"):
    sys.stdin.read()
"""
SPEC = {
    "schemaVersion": "2.1.0",
    "pipelineInfo": {"name": "one"},
    "root": {
        "inputDefinitions": {"parameters": {"record": {"parameterType": "STRING"}}},
        "dag": {"tasks": {"a": {}}},
    },
}


@pytest.fixture
def python(tmp_path):
    return tmp_path / "python"


@pytest.fixture
def jobs(tmp_path, python):
    """Follow jobs with a Python that doesn't exist yet, and return the service."""
    (tmp_path / "process.py").write_text(PROCESS)
    store = Store(tmp_path / "state.db")
    projects = Projects(store)
    settings = Settings(
        command=[str(python), str(tmp_path / "process.py")],
        reader=[sys.executable, "-m", "kfpkit.jobs.template"],
        variables={},
        project=tmp_path,
        folder=tmp_path / "jobs",
    )
    runner = Runner(store, projects, settings)
    runner.start()
    operations = Operations(store, projects)
    templates = Templates(ArtifactRegistry(store, projects, operations), settings)
    yield Pipelines(store, projects, operations, runner, templates)
    runner.stop()
    store.close()


def create(jobs, name, record=RECORD):
    config = {"gcsOutputDirectory": "gs://b/r", "parameterValues": {"record": record}}
    job = {"pipelineSpec": SPEC, "runtimeConfig": config}
    fields = {"parent": PARENT, "pipelineJobId": name, "pipelineJob": job}
    return jobs.create_job(make_message("CreatePipelineJobRequest", fields)).name


def await_state(jobs, name, state):
    end = time.monotonic() + 20
    while jobs.get_job(make_message("GetPipelineJobRequest", {"name": name})).state != state:
        assert time.monotonic() < end
        time.sleep(0.05)


def find_messages(caplog, level):
    return [each.getMessage() for each in caplog.records if each.levelno == level]


def test_what_the_system_refuses_is_tried_again_and_logged_once(jobs, python, caplog):
    name = create(jobs, "first")
    time.sleep(1)
    python.symlink_to(sys.executable)

    await_state(jobs, name, 4)
    [message] = find_messages(caplog, logging.WARNING)
    assert "pipelineJobs/first cannot be started: [Errno 2] No such file" in message


def test_a_fault_with_one_job_is_logged_once_and_holds_up_no_other(jobs, python, caplog):
    python.symlink_to(sys.executable)
    create(jobs, "damaged", record="{")
    while not find_messages(caplog, logging.ERROR):
        time.sleep(0.05)
    name = create(jobs, "sound")

    await_state(jobs, name, 4)
    time.sleep(1)
    [message] = find_messages(caplog, logging.ERROR)
    assert message.endswith("pipelineJobs/damaged cannot be followed")
