"""Runs that kfpkit adds to an experiment are those that the official client finds in it."""

from __future__ import annotations

import json

import pytest
import yaml
from google.auth.credentials import AnonymousCredentials

from kfpkit.errors import UnassociatedRunError
from kfpkit.targets import EmulatorTarget
from kfpkit.targets.vertex.service import TargetCredentials, associate_run, connect, find_run

pytestmark = pytest.mark.slow

READ = """
import json, sys
from google.cloud import aiplatform

aiplatform.init(project="local-project", location="europe-west4")
jobs = [aiplatform.PipelineJob.get(name) for name in sys.argv[1:]]
print(json.dumps([job.get_associated_experiment().name for job in jobs]))
"""
WRITE = """
from google.cloud import aiplatform

aiplatform.init(project="local-project", location="europe-west4")
aiplatform.Experiment.create("theirs")
"""


@pytest.fixture
def connection(address):
    target = EmulatorTarget.model_validate({"name": "laptop", "kind": "emulator"})
    found = connect(
        target,
        credentials=TargetCredentials(credentials=AnonymousCredentials()),
        addresses={"aiplatform": address},
    )
    yield found
    found.session.close()


@pytest.fixture
def create(connection, compiled):
    def make(run):
        parent = connection.target.parent
        values = {"gcsOutputDirectory": "gs://b/r", "parameterValues": {"word": "ab"}}
        job = {"pipelineSpec": yaml.safe_load(compiled.read_text()), "runtimeConfig": values}
        path, query = f"/v1/{parent}/pipelineJobs", {"pipelineJobId": run}
        connection.send("aiplatform", "POST", path, body=job, query=query)
        return f"{parent}/pipelineJobs/{run}"

    return make


def list_parents(connection, run):
    context = find_run(connection, run).job_detail.pipeline_run_context.name
    found = connection.find("aiplatform", f"/v1/{context}")
    return [name.rpartition("/")[2] for name in found["parentContexts"]]


def test_the_official_client_finds_runs_in_our_experiment(connection, create, run_client):
    runs = [create("experiment-a"), create("experiment-b")]
    for run in (*runs, runs[0]):  # the step can be repeated
        associate_run(connection, run, "ours")

    done = run_client(READ, "experiment-a", "experiment-b")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["ours", "ours"]


def test_runs_join_an_experiment_of_the_official_client(connection, create, run_client):
    assert run_client(WRITE).returncode == 0
    run = create("experiment-c")
    associate_run(connection, run, "theirs")
    assert "theirs" in list_parents(connection, run)


def test_what_is_no_experiment_is_refused(connection, create):
    run = create("experiment-d")
    with pytest.raises(UnassociatedRunError) as raised:
        associate_run(connection, run, "letters")  # the pipeline's own context
    assert "has something else of that name, with the schema `system.Pipeline`" in str(raised.value)
    assert "kfpkit runs associate laptop:experiment-d letters" in str(raised.value)
    assert list_parents(connection, run) == ["letters"]
