"""Models, metadata, log entries and projects, over HTTP."""

from __future__ import annotations

import time
import uuid

import pytest
import requests

PLACE = "projects/my-project/locations/europe-west4"
STORE = f"{PLACE}/metadataStores/default"

pytestmark = pytest.mark.slow


@pytest.fixture
def call(address):
    """Return a function that sends JSON, and returns the answer's code and JSON."""

    def send(verb, path, content=None, code=200):
        answer = requests.request(verb, f"{address}/{path}", json=content, timeout=20)
        assert answer.status_code == code, answer.text
        return answer.json()

    return send


@pytest.fixture
def await_done(call):
    def wait(operation):
        assert "done" not in operation
        while "done" not in (found := call("GET", f"ui/{operation['name']}")):
            time.sleep(0.05)
        return found["response"]

    return wait


@pytest.fixture
def model(call, await_done):
    """Upload two versions, and return the model's name."""
    # Keys in snake_case, as some of Google's launchers send them.
    first = {"model": {"display_name": "churn", "labels": {"team": "a"}}}
    done = await_done(call("POST", f"v1/{PLACE}/models:upload", first))
    second = {
        "parentModel": done["model"],
        "model": {"displayName": "churn", "versionAliases": ["challenger"]},
    }
    assert await_done(call("POST", f"v1/{PLACE}/models:upload", second))["modelVersionId"] == "2"
    return done["model"]


def test_a_version_is_found_by_its_number_and_its_aliases(call, model):
    for version, expected in {"": "1", "@1": "1", "@challenger": "2", "%40default": "1"}.items():
        assert call("GET", f"v1/{model}{version}")["versionId"] == expected
    assert call("GET", f"v1/{model}@none", code=404)["error"]["status"] == "NOT_FOUND"


def test_an_alias_belongs_to_one_version(call, model):
    call("POST", f"v1/{model}@2:mergeVersionAliases", {"versionAliases": ["default", "best"]})
    versions = call("GET", f"v1/{model}:listVersions")["models"]
    aliases = {each["versionId"]: each.get("versionAliases", []) for each in versions}
    assert aliases == {"1": [], "2": ["challenger", "best", "default"]}
    assert call("GET", f"v1/{model}")["versionId"] == "2"
    call("POST", f"v1/{model}@2:mergeVersionAliases", {"versionAliases": ["-best"]})
    assert call("GET", f"v1/{model}@best", code=404)


def test_the_default_version_is_not_deleted(call, model, await_done):
    error = call("DELETE", f"v1/{model}@1:deleteVersion", code=400)["error"]
    assert error["status"] == "FAILED_PRECONDITION"
    await_done(call("DELETE", f"v1/{model}@2:deleteVersion"))
    assert len(call("GET", f"v1/{model}:listVersions")["models"]) == 1


def test_a_model_is_listed_changed_and_deleted(call, model, await_done):
    last = model.rpartition("/")[2]
    assert call("GET", f"v1/{PLACE}/models?filter=model={last}")["models"][0]["name"] == model
    assert call("GET", f'v1/{PLACE}/models?filter=model={last} AND labels.team="b"') == {}
    change = {"description": "new", "displayName": "ignored"}
    call("PATCH", f"v1/{model}?updateMask=description", change)
    found = call("GET", f"v1/{model}")
    assert (found["description"], found["displayName"]) == ("new", "churn")
    await_done(call("DELETE", f"v1/{model}"))
    assert call("GET", f"v1/{model}", code=404)


def test_a_second_model_of_an_id_is_refused(call, await_done):
    request = {"modelId": f"m{uuid.uuid4().hex[:8]}", "model": {"displayName": "x"}}
    await_done(call("POST", f"v1/{PLACE}/models:upload", request))
    error = call("POST", f"v1/{PLACE}/models:upload", request, code=409)["error"]
    assert error["status"] == "ALREADY_EXISTS"


@pytest.fixture
def store(call, address):
    requests.post(f"{address}/v1/{PLACE}/metadataStores?metadataStoreId=default", timeout=20)
    return call("GET", f"v1/{STORE}")["name"]


def test_contexts_have_members_and_children(call, store):
    mark = uuid.uuid4().hex[:8]
    names = {}
    for kind in ("contexts", "artifacts", "executions"):
        body = {"displayName": mark, "schemaTitle": f"system.{kind}", "metadata": {"n": 1}}
        query = f"{kind[:-1]}_id={kind}-{mark}"
        names[kind] = call("POST", f"v1/{store}/{kind}?{query}", body)["name"]
    child = call("POST", f"v1/{store}/contexts?contextId=child-{mark}", {})["name"]
    context, execution, artifact = names["contexts"], names["executions"], names["artifacts"]

    members = {"artifacts": [artifact], "executions": [execution]}
    call("POST", f"v1/{context}:addContextArtifactsAndExecutions", members)
    events = {"events": [{"artifact": artifact, "type": "OUTPUT"}]}
    call("POST", f"v1/{execution}:addExecutionEvents", events)
    graph = call("GET", f"v1/{context}:queryContextLineageSubgraph")
    assert [each["name"] for each in graph["artifacts"]] == [artifact]
    assert graph["events"][0]["type"] == "OUTPUT"
    assert graph == call("GET", f"v1/{execution}:queryExecutionInputsAndOutputs")

    call("POST", f"v1/{context}:addContextChildren", {"childContexts": [child]})
    found = call("GET", f'v1/{store}/contexts?filter=parent_contexts:"{context}"')["contexts"]
    assert [each["name"] for each in found] == [child]
    wanted = f'in_context("{context}") AND metadata.n.number_value=1.0'
    found = call("GET", f"v1/{store}/artifacts?filter={wanted}")["artifacts"]
    assert [each["name"] for each in found] == [artifact]
    assert call("GET", f'v1/{store}/artifacts?filter=in_context("{child}")') == {}


def test_the_lines_of_a_task_are_log_entries(call, compiled, run_client):
    script = """
import sys
from google.cloud import aiplatform
aiplatform.init(project="my-project", location="europe-west4", api_transport="rest")
job = aiplatform.PipelineJob(display_name="l", template_path=sys.argv[1], job_id="with-logs",
    pipeline_root="gs://b/r", parameter_values={"word": "logged"})
job.submit()
job.wait()
count, = [each for each in job.task_details if each.task_name == "count"]
print(count.executor_detail.container_detail.main_job)
"""
    custom = run_client(script, str(compiled)).stdout.splitlines()[-1]
    wanted = f'resource.type="ml_job" resource.labels.job_id="{custom.rpartition("/")[2]}"'
    request = {"resourceNames": ["projects/my-project"], "filter": wanted}
    entries = call("POST", "v2/entries:list", request)["entries"]
    assert "counted logged" in [each["textPayload"] for each in entries]
    late = {**request, "filter": f'{wanted} timestamp>"2999-01-01T00:00:00Z"'}
    assert call("POST", "v2/entries:list", late) == {}
    other = {**request, "resourceNames": ["projects/other"]}
    assert call("POST", "v2/entries:list", other) == {}
    wrong = {**request, "filter": "jsonPayload.x=1 " + wanted}
    error = call("POST", "v2/entries:list", wrong, code=501)["error"]
    assert "Not emulated" in error["message"]


def test_a_project_has_one_number(call):
    by_id = call("GET", "v3/projects/my-project")
    assert by_id["projectId"] == "my-project"
    assert call("GET", f"v3/{by_id['name']}") == by_id
