"""KFP's own client and command line against the server of the tests, which proves the server."""

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import kfp_server_api
import pytest
import yaml
from kfp import compiler, dsl
from kubeflow_server import serve_kubeflow

pytestmark = pytest.mark.filterwarnings("ignore:This client only works with:FutureWarning")


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    assert rows


@dsl.pipeline(name="one")
def one(rows: int):
    show(rows=rows)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    file = tmp_path_factory.mktemp("compiled") / "one.yaml"
    compiler.Compiler().compile(one, str(file))
    return file


@pytest.fixture
def server():
    with serve_kubeflow() as found:
        yield found


@pytest.fixture
def client(server, tmp_path, monkeypatch):
    from kfp import client as kfp_client  # noqa: PLC0415, TID251 - it is what is tested

    monkeypatch.setattr(kfp_client.Client, "_LOCAL_KFP_CONTEXT", str(tmp_path / "context.json"))
    return kfp_client.Client(host=server.address)


def test_a_run_is_created_ended_and_waited_for(client, server, package):
    result = client.create_run_from_pipeline_package(
        str(package), arguments={"rows": 3}, run_name="first", experiment_name="dev"
    )
    server.end_run(result.run_id, "SUCCEEDED", [("show", "SUCCEEDED", {})])
    ended = client.wait_for_run_completion(result.run_id, timeout=10, sleep_duration=0)

    assert (ended.state, ended.display_name) == ("SUCCEEDED", "first")
    assert ended.runtime_config.parameters == {"rows": 3}
    assert ended.pipeline_spec["pipelineInfo"]["name"] == "one"
    assert [task.display_name for task in ended.run_details.task_details] == ["show"]
    assert [each.display_name for each in server.experiments.values()] == ["Default", "dev"]


def test_what_a_run_needs_is_required(client, package):
    with pytest.raises(kfp_server_api.ApiException) as refused:
        client.create_run_from_pipeline_package(str(package), run_name="first")
    assert refused.value.status == 400
    assert json.loads(refused.value.body)["message"].startswith("parameter rows is not optional")

    arguments = {"rows": "x" * 10_000}
    with pytest.raises(kfp_server_api.ApiException, match="exceed maximum size of 10000"):
        client.create_run_from_pipeline_package(str(package), arguments=arguments)


def test_runs_are_listed_in_pages_and_filtered(client, package):
    for number in range(5):
        client.create_run_from_pipeline_package(
            str(package), arguments={"rows": number}, run_name=f"run-{number}"
        )
    names, token = [], ""
    while True:
        page = client.list_runs(page_size=2, page_token=token, sort_by="display_name desc")
        names += [run.display_name for run in page.runs]
        token = page.next_page_token
        if not token:
            break
    assert names == ["run-4", "run-3", "run-2", "run-1", "run-0"]

    predicate = {"operation": "EQUALS", "key": "display_name", "stringValue": "run-2"}
    [found] = client.list_runs(filter=json.dumps({"predicates": [predicate]})).runs
    assert found.runtime_config.parameters == {"rows": 2}
    unknown = json.dumps({"predicates": [{**predicate, "key": "color"}]})
    with pytest.raises(kfp_server_api.ApiException, match="unrecognized field"):
        client.list_runs(filter=unknown)


def test_runs_are_terminated_archived_and_deleted(client, package):
    run = client.create_run_from_pipeline_package(str(package), arguments={"rows": 1}).run_id
    client.terminate_run(run)
    assert client.get_run(run).state == "CANCELED"
    client.archive_run(run)
    assert client.get_run(run).storage_state == "ARCHIVED"
    client.delete_run(run)
    with pytest.raises(kfp_server_api.ApiException, match=f"Run {run} not found"):
        client.get_run(run)


def test_a_run_that_failed_goes_on_and_one_that_goes_on_is_not_retried(client, server, package):
    run = client.create_run_from_pipeline_package(str(package), arguments={"rows": 1}).run_id
    tasks = [("show", "SUCCEEDED", {}), ("last", "FAILED", {})]
    server.end_run(run, "FAILED", tasks)
    client.runs.run_service_retry_run(run)
    again = client.get_run(run)
    assert again.state == "RUNNING"
    assert [task.display_name for task in again.run_details.task_details] == ["show"]
    with pytest.raises(kfp_server_api.ApiException, match="its state is RUNNING"):
        client.runs.run_service_retry_run(run)


def test_runs_are_filtered_by_state_time_and_description(client, server, package):
    for number, state in enumerate(("SUCCEEDED", "FAILED", "FAILED")):
        name = f"run-{number}"
        run = client.create_run_from_pipeline_package(
            str(package), arguments={"rows": number}, run_name=name
        ).run_id
        server.end_run(run, state)
        server.runs[run].created_at = datetime(2026, 11, 1 + number, tzinfo=timezone.utc)

    def list_names(**predicate):
        text = json.dumps({"predicates": [predicate]})
        found = client.list_runs(filter=text, sort_by="created_at desc").runs
        return [each.display_name for each in found or []]

    failed = {"operation": "IN", "key": "state", "stringValues": {"values": ["FAILED"]}}
    assert list_names(**failed) == ["run-2", "run-1"]
    before = {"key": "created_at", "timestampValue": "2026-11-02T00:00:00Z"}
    assert list_names(operation="LESS_THAN", **before) == ["run-0"]
    assert list_names(operation="GREATER_THAN_EQUALS", **before) == ["run-2", "run-1"]
    assert list_names(operation="IS_SUBSTRING", key="display_name", stringValue="n-1") == ["run-1"]


def test_a_pipeline_is_created_without_a_version(client, server):
    made = client.pipelines.pipeline_service_create_pipeline(
        kfp_server_api.V2beta1Pipeline(display_name="empty")
    )
    assert client.get_pipeline_id("empty") == made.pipeline_id
    assert server.versions == {}


def test_pipelines_and_versions_are_uploaded_and_run(client, server, package):
    pipeline = client.upload_pipeline(str(package), pipeline_name="one")
    version = client.upload_pipeline_version(str(package), "v2", pipeline_name="one")
    with pytest.raises(kfp_server_api.ApiException, match="already exists"):
        client.upload_pipeline(str(package), pipeline_name="one")

    versions = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    assert sorted(each.display_name for each in versions) == ["one", "v2"]
    run = client.run_pipeline(
        client.create_experiment("dev").experiment_id,
        "by version",
        pipeline_id=pipeline.pipeline_id,
        version_id=version.pipeline_version_id,
        params={"rows": 3},
    )
    reference = server.runs[run.run_id].pipeline_version_reference
    assert reference.pipeline_version_id == version.pipeline_version_id


def test_runs_recur(client, server, package):
    experiment = client.create_experiment("dev").experiment_id
    options = {"pipeline_package_path": str(package), "params": {"rows": 1}}
    created = client.create_recurring_run(
        experiment, "nightly", cron_expression="0 0 3 * * *", **options
    )
    client.disable_recurring_run(created.recurring_run_id)
    assert client.get_recurring_run(created.recurring_run_id).status == "DISABLED"
    assert client.list_recurring_runs().total_size == 1
    client.delete_recurring_run(created.recurring_run_id)
    assert server.recurring_runs == {}
    with pytest.raises(kfp_server_api.ApiException, match="not a supported format"):
        client.create_recurring_run(experiment, "five", cron_expression="0 3 * * *", **options)


def test_two_documents_are_one_pipeline(client, server, package, tmp_path):
    settings = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-show": {}}}}}}
    file = tmp_path / "two.yaml"
    file.write_text(f"{package.read_text()}\n---\n{yaml.safe_dump(settings)}")
    run = client.create_run_from_pipeline_package(str(file), arguments={"rows": 1}).run_id
    assert {*server.runs[run].pipeline_spec} == {"pipeline_spec", "platform_spec"}


def test_a_token_is_required(server):
    from kfp import client as kfp_client  # noqa: PLC0415, TID251 - it is what is tested

    server.token = "secret"
    good = kfp_client.Client(host=server.address, namespace="ml", existing_token="secret")
    assert good.list_experiments().total_size == 1
    bad = kfp_client.Client(host=server.address, namespace="ml", existing_token="old")
    with pytest.raises(kfp_server_api.ApiException, match="the token is not valid"):
        bad.list_experiments()


def test_the_command_line_creates_and_lists_runs(server, package, tmp_path):
    def call(*arguments):
        done = subprocess.run(
            [Path(sys.executable).with_name("kfp"), "--endpoint", server.address, *arguments],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    create = ("run", "create", "-e", "dev", "-r", "first", "-f", str(package), "rows=3")
    assert "first" in call("--output", "json", *create)
    assert "first" in call("--output", "json", "run", "list")
    [run] = server.runs.values()
    assert server.experiments[run.experiment_id].display_name == "dev"
