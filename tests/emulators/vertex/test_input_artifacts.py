"""Jobs whose pipeline gets artifacts from the metadata store."""

from __future__ import annotations

import time

import pytest
import requests

from kfpkit.compiler import compile_pipeline
from kfpkit.loading import load_pipeline

PLACE = "v1/projects/my-project/locations/europe-west4"
STORE = f"{PLACE}/metadataStores/default"

pytestmark = pytest.mark.slow

PIPELINE = """
import functools
from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)

@component
def read(table: dsl.Input[dsl.Dataset], second: dsl.Input[dsl.Dataset] = None) -> str:
    with open(table.path) as file:
        return f"{file.read()} {table.metadata['rows']} {second is None}"

@dsl.pipeline(name="reads")
def reads(table: dsl.Input[dsl.Dataset], second: dsl.Input[dsl.Dataset] = None) -> str:
    return read(table=table, second=second).output
"""
CLIENT = """
import sys
from google.cloud import aiplatform

aiplatform.init(project="my-project", location="europe-west4", api_transport=sys.argv[3])
job = aiplatform.PipelineJob(
    display_name="r", template_path=sys.argv[1], pipeline_root="gs://b/root",
    input_artifacts={"table": sys.argv[2]}, enable_caching=False,
)
job.submit()
job.wait()
read, = [each for each in job.task_details if each.task_name == "read"]
print(read.execution.metadata["output:Output"])
print(read.inputs["table"].artifacts[0].name)
"""


@pytest.fixture(scope="module")
def reads(vertex_project):
    file = vertex_project.root / "reads.py"
    file.write_text(PIPELINE)
    return compile_pipeline(load_pipeline(file, None), file.with_suffix(".yaml"))


@pytest.fixture
def table(address, tmp_path):
    """Store an artifact, and return its name."""
    requests.post(f"{address}/{PLACE}/metadataStores?metadataStoreId=default", timeout=20)
    file = tmp_path / "table.csv"
    file.write_text("seven")
    body = {"uri": str(file), "schemaTitle": "system.Dataset", "metadata": {"rows": 7}}
    return requests.post(f"{address}/{STORE}/artifacts", json=body, timeout=20).json()["name"]


@pytest.fixture
def create(address):
    """Return a function that creates a job with one task."""

    def send(declared, given, code=200):
        definitions = {"artifacts": declared}
        spec = {
            "schemaVersion": "2.1.0",
            "pipelineInfo": {"name": "one"},
            "root": {"inputDefinitions": definitions, "dag": {"tasks": {"a": {}}}},
        }
        config = {"gcsOutputDirectory": "gs://b/r", "inputArtifacts": given}
        job = {"pipelineSpec": spec, "runtimeConfig": config}
        answer = requests.post(f"{address}/{PLACE}/pipelineJobs", json=job, timeout=20)
        assert answer.status_code == code, answer.text
        return answer.json()

    return send


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_a_job_reads_an_artifact_of_the_metadata_store(run_client, reads, table, transport):
    done = run_client(CLIENT, str(reads), table.rpartition("/")[2], transport)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["seven 7 True", table]


def test_a_job_reads_what_a_task_of_another_job_has_written(address, run_client, compiled, reads):
    script = CLIENT.replace('input_artifacts={"table": sys.argv[2]}', "job_id=sys.argv[2]")
    script = script.replace("enable_caching=False", 'parameter_values={"word": "given"}')
    script = script.partition("read, =")[0] + (
        "count, = [each for each in job.task_details if each.task_name == 'count']\n"
        "print(count.outputs['table'].artifacts[0].name)\n"
    )
    done = run_client(script, str(compiled), "writes", "rest")
    assert done.returncode == 0, done.stderr
    name = done.stdout.splitlines()[-1]
    found = requests.get(f"{address}/v1/{name}", timeout=20).json()
    body = {**found, "metadata": {"rows": 1}}
    requests.patch(f"{address}/v1/{name}?updateMask=metadata", json=body, timeout=20)

    done = run_client(CLIENT, str(reads), name.rpartition("/")[2], "rest")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2] == "givengiven 1 True"


DATASET = {"artifactType": {"schemaTitle": "system.Dataset"}}


@pytest.mark.parametrize(
    ("declared", "given", "code", "cause"),
    [
        ({}, {"table": {"artifactId": "1"}}, 400, "artifact table is not found in the pipeline"),
        ({"table": DATASET}, {}, 400, "The pipeline artifact table is required"),
        ({"table": DATASET}, {"table": {"artifactId": "1"}}, 404, "artifacts/1 does not exist"),
        ({"table": DATASET}, {"table": {"artifactId": "a/b"}}, 400, "Invalid `artifact_id`"),
        ({"table": DATASET | {"isArtifactList": True}}, {}, 501, "Not emulated: lists of"),
    ],
)
def test_what_is_no_input_is_refused(create, declared, given, code, cause):
    assert cause in create(declared, given, code)["error"]["message"]


def test_an_artifact_of_another_location_is_not_found(create, address, table):
    other = "v1/projects/my-project/locations/us-east1/metadataStores"
    requests.post(f"{address}/{other}?metadataStoreId=default", timeout=20)
    body = {"uri": "gs://b/x"}
    name = requests.post(
        f"{address}/{other}/default/artifacts?artifactId=far", json=body, timeout=20
    ).json()["name"]
    assert name.endswith("/far")
    create({"table": DATASET}, {"table": {"artifactId": "far"}}, code=404)


def test_an_optional_artifact_may_be_left_out(create, address):
    name = create({"table": DATASET | {"isOptional": True}}, {})["name"]
    while "endTime" not in requests.get(f"{address}/v1/{name}", timeout=20).json():
        time.sleep(0.1)
