"""Pipeline jobs with the official client as it stands, over both of its transports."""

from __future__ import annotations

import json
import time

import pytest
import requests

from kfpkit.compiler import compile_pipeline
from kfpkit.loading import load_pipeline

pytestmark = pytest.mark.slow

BEGIN = """
import json, sys, time
from google.cloud import aiplatform
from google.cloud.aiplatform import pipeline_jobs
pipeline_jobs._JOB_WAIT_TIME = 0.5  # seconds between two looks at a job, instead of 5
aiplatform.init(project="my-project", location="europe-west4", api_transport=sys.argv[1])

def make(job_id, **values):
    return aiplatform.PipelineJob(
        display_name="Letters", template_path=sys.argv[2], job_id=job_id,
        pipeline_root="gs://my-bucket/root", parameter_values=values, labels={"env": sys.argv[1]},
    )

def show(job):
    return {
        "name": job.resource_name, "state": job.state.name,
        "tasks": {each.task_name: each.state.name for each in job.task_details},
    }
"""
SUCCEED = """
begin = time.time()
job = make(f"first-{sys.argv[1]}", word=f"word-{sys.argv[1]}")
job.submit()
seconds = time.time() - begin
job.wait()
count, = [each for each in job.task_details if each.task_name == "count"]
again = make(f"second-{sys.argv[1]}", word=f"word-{sys.argv[1]}")
again.submit()
again.wait()
def name_artifacts(job):
    return {
        each.task_name: sorted(a.name for v in each.outputs.values() for a in v.artifacts)
        for each in job.task_details if each.task_name in {"count", "check"}
    }
kept, reused = name_artifacts(job), name_artifacts(again)
succeeded = f'labels.env="{sys.argv[1]}" AND state=PIPELINE_STATE_SUCCEEDED'
listed = aiplatform.PipelineJob.list(filter=succeeded)
simple = aiplatform.PipelineJob.list(enable_simple_view=True)
found = aiplatform.PipelineJob.get(job.resource_name)
states = [each.execution.state.name for each in again.task_details if each.task_name == "count"]
again.delete()
left = aiplatform.PipelineJob.list(filter=f'labels.env="{sys.argv[1]}"')
print(json.dumps({
    "seconds": seconds, "first": show(job), "second": show(found),
    "reused": states,
    "same": kept == reused, "names": kept["count"],
    "metrics": dict(count.outputs["metrics"].artifacts[0].metadata),
    "values": dict(count.execution.metadata),
    "listed": [each.name for each in listed], "simple": len(simple),
    "left": [each.name for each in left],
}))
"""
CANCEL = """
job = make(f"slow-{sys.argv[1]}", word="slow", seconds=60.0)
job.submit()
while job.state.name == "PIPELINE_STATE_PENDING":
    time.sleep(0.2)
job.cancel()
job.wait()
print(json.dumps(show(job)))
"""
FAIL = """
job = make(f"bad-{sys.argv[1]}", word="abcdefghijklm", times=1)
job.submit()
try:
    job.wait()
except RuntimeError as error:
    message = str(error)
check, = [each for each in job.task_details if each.task_name == "check"]
print(json.dumps({**show(job), "message": message, "error": check.error.message}))
"""
TWICE = """
from google.api_core import exceptions
codes = {}
make(f"twice-{sys.argv[1]}", word="x").submit()
for name, values in {"twice": {"word": "x"}, "type": {"word": 3}}.items():
    try:
        make(f"{name}-{sys.argv[1]}", **values).submit()
    except exceptions.GoogleAPICallError as error:
        codes[name] = [error.code, error.message, error.reason]
print(json.dumps(codes))
"""

LOCATIONS = """
found = {}
for location in ("us", "eu", "global"):
    aiplatform.init(project="my-project", location=location, api_transport=sys.argv[1])
    job = make(f"in-{location}-{sys.argv[1]}", word="w")
    job.submit()
    job.wait()
    listed = [each.name for each in aiplatform.PipelineJob.list()]
    found[location] = [job.resource_name.split("/")[3], job.state.name, job.name in listed]
print(json.dumps(found))
"""


@pytest.fixture(params=["rest", "grpc"])
def client(request, run_client, compiled):
    def run(script):
        done = run_client(BEGIN + script, request.param, str(compiled))
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_job_runs_and_a_second_one_takes_its_tasks_from_the_cache(client):
    found = client(SUCCEED)
    assert found["seconds"] < 10
    first = found["first"]
    assert first["name"].split("/")[1].isdecimal()
    assert first["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert found["second"] == first
    assert {first["tasks"]["count"], first["tasks"]["check"]} == {"SUCCEEDED"}
    assert found["metrics"] == {"letters": found["values"]["output:Output"]}
    assert found["values"]["input:times"] == 2
    assert found["reused"] == ["CACHED"]
    assert found["same"]
    assert all(name.rpartition("/")[2].isdecimal() for name in found["names"])
    assert len(found["listed"]) == 2
    assert found["simple"] >= 2
    assert len(found["left"]) == 1


def test_a_job_is_cancelled(client):
    found = client(CANCEL)
    assert found["state"] == "PIPELINE_STATE_CANCELLED"
    assert "RUNNING" not in found["tasks"].values()


def test_a_failed_job_names_its_task(client):
    found = client(FAIL)
    assert found["state"] == "PIPELINE_STATE_FAILED"
    assert found["tasks"]["check"] == "FAILED"
    assert "The failed tasks are: [check]" in found["message"]
    assert "exited with code 1" in found["error"]


def test_a_wrong_job_has_the_code_of_google(client):
    found = client(TWICE)
    code, message, reason = found["twice"]
    assert (code, reason) == (409, "RESOURCE_ALREADY_EXISTS")
    assert "Requested entity already exists: projects/" in message
    assert found["type"][0] == 400
    assert "word has the type STRING" in found["type"][1]


def test_locations_of_several_regions_are_served_at_their_hosts(client):
    states = {place: [place, "PIPELINE_STATE_SUCCEEDED", True] for place in ("us", "eu", "global")}
    assert client(LOCATIONS) == states


SIDES = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def fail():
    raise ValueError("on purpose")

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def rest(seconds: float):
    import time
    time.sleep(seconds)

@dsl.pipeline(name="two-sides")
def two_sides():
    fail()
    rest(seconds=0.0).after(rest(seconds=4.0).set_display_name("first"))
"""
FAST = """
states = {}
for policy in ("fast", "slow"):
    job = aiplatform.PipelineJob(
        display_name="two", template_path=sys.argv[2], job_id=f"two-{policy}",
        pipeline_root="gs://my-bucket/root", failure_policy=policy,
    )
    job.submit()
    try:
        job.wait()
    except RuntimeError:
        pass
    states[policy] = {each.task_name: each.state.name for each in job.task_details}
print(json.dumps(states))
"""


def test_a_job_that_fails_fast_starts_no_more_tasks(run_client, vertex_project):
    file = vertex_project.root / "two_sides.py"
    file.write_text(SIDES)
    compiled = compile_pipeline(load_pipeline(file, None), file.with_suffix(".yaml"))
    done = run_client(BEGIN + FAST, "rest", str(compiled))
    assert done.returncode == 0, done.stderr
    states = json.loads(done.stdout.splitlines()[-1])
    assert (states["fast"]["rest-2"], states["fast"]["rest"]) == ("SUCCEEDED", "NOT_TRIGGERED")
    assert states["slow"]["rest"] == "SUCCEEDED"
    assert states["fast"]["fail"] == states["slow"]["fail"] == "FAILED"


def get(address, path, **options):
    return requests.get(f"{address}/{path}", timeout=10, **options)


def test_an_unknown_job_is_not_found(address):
    answer = get(address, "v1/projects/p/locations/l/pipelineJobs/none")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["status"] == "NOT_FOUND"
    assert error["details"][0]["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"


def test_an_unknown_parameter_of_a_query_is_refused(address):
    answer = get(address, "v1/projects/p/locations/l/pipelineJobs?wrong=1")
    assert answer.status_code == 400
    assert 'Unknown name "wrong"' in answer.json()["error"]["message"]


def test_a_page_of_another_filter_is_refused(address):
    answer = get(address, "v1/projects/p/locations/l/pipelineJobs?pageToken=abc")
    assert answer.status_code == 400
    assert "page_token" in answer.json()["error"]["message"]


def test_what_is_missing_is_refused_by_name(address):
    answer = get(address, "v1/projects/p/locations/l/schedules")
    assert answer.status_code == 501
    assert "ScheduleService.ListSchedules" in answer.json()["error"]["message"]


def test_a_page_of_a_browser_under_another_name_is_refused(address):
    path = "v1/projects/p/locations/l/pipelineJobs"
    answer = get(address, path, headers={"Host": "attacker.example:80"})
    assert answer.status_code == 403
    assert answer.json()["error"]["details"][0]["reason"] == "HOST_NOT_ALLOWED"


def test_operations_are_not_done_at_once(address, run_client, compiled):
    script = BEGIN + 'job = make("gone", word="x"); job.submit(); job.wait(); print(1)'
    assert run_client(script, "rest", str(compiled)).returncode == 0
    place = f"{address}/v1/projects/my-project/locations/europe-west4/pipelineJobs/gone"
    begun = requests.delete(place, timeout=10).json()
    assert "done" not in begun
    time.sleep(0.3)
    for version in ("v1", "ui"):
        assert get(address, f"{version}/{begun['name']}").json()["done"] is True
