"""Jobs that name their compiled pipeline by `template_uri` alone."""

from __future__ import annotations

import pytest
import requests

HOST = "europe-west4-kfp.pkg.dev"
JOBS = "v1/projects/my-project/locations/europe-west4/pipelineJobs"

pytestmark = pytest.mark.slow

# The official client downloads templates itself; Google's generated one leaves it to the service.
GENERATED = """
import sys, time
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform_v1.services.pipeline_service import PipelineServiceClient

client = PipelineServiceClient(
    client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"},
    transport=sys.argv[2],
)
config = v1.PipelineJob.RuntimeConfig(
    gcs_output_directory="gs://b/root", parameter_values={"word": "template"}
)
job = client.create_pipeline_job(
    parent="projects/my-project/locations/europe-west4",
    pipeline_job=v1.PipelineJob(template_uri=sys.argv[1], runtime_config=config),
)
print(job.pipeline_spec["pipelineInfo"]["name"], job.template_metadata.version)
while job.state.name not in {"PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED"}:
    time.sleep(0.2)
    job = client.get_pipeline_job(name=job.name)
tasks = [each.task_name for each in job.job_detail.task_details if each.parent_task_id]
print(job.state.name, sorted(tasks))
"""


@pytest.fixture
def upload(address):
    """Return a function that stores a file, and returns its address and version."""

    def send(content, tag=""):
        form = {"tags": (None, tag), "content": ("x.yaml", content)}
        place = "my-project/templates"
        answer = requests.post(f"{address}/{place}", files=form, headers={"Host": HOST}, timeout=20)
        assert answer.status_code == 200, answer.text
        return f"https://{HOST}/{place}/{answer.text}", answer.text.partition("/")[2]

    return send


@pytest.fixture
def create(address):
    """Return a function that creates a job from a template."""

    def send(uri, code=200, **job):
        config = {"gcsOutputDirectory": "gs://b/root", "parameterValues": {"word": "template"}}
        answer = requests.post(
            f"{address}/{JOBS}",
            json={"templateUri": uri, "runtimeConfig": config, **job},
            timeout=60,
        )
        assert answer.status_code == code, answer.text
        return answer.json()

    return send


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_a_job_runs_the_template_that_it_names(run_client, compiled, upload, transport):
    uri, version = upload(compiled.read_bytes())
    done = run_client(GENERATED, uri, transport)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"letters {version}",
        "PIPELINE_STATE_SUCCEEDED ['check', 'count']",
    ]


def test_a_tag_is_resolved_when_the_job_is_created(address, compiled, upload, create):
    uri, version = upload(compiled.read_bytes(), tag="stable")
    by_tag = uri.replace(version, "stable")
    job = create(by_tag)
    upload(compiled.read_bytes() + b"# moved\n", tag="stable")
    kept = requests.get(f"{address}/v1/{job['name']}", timeout=20).json()
    assert (kept["templateUri"], kept["templateMetadata"]) == (by_tag, {"version": version})
    wanted = {"filter": f'template_metadata.version="{version}"'}
    found = requests.get(f"{address}/{JOBS}", params=wanted, timeout=20).json()["pipelineJobs"]
    assert job["name"] in [each["name"] for each in found]


def test_the_pipeline_that_a_client_sends_goes_before_its_template(compiled, upload, create):
    uri, version = upload(compiled.read_bytes(), tag="sent")
    spec = {
        "schemaVersion": "2.1.0",
        "pipelineInfo": {"name": "sent"},
        "root": {
            "inputDefinitions": {"parameters": {"word": {"parameterType": "STRING"}}},
            "dag": {"tasks": {"a": {}}},
        },
    }
    job = create(uri.replace(version, "sent"), pipelineSpec=spec)
    assert job["pipelineSpec"]["pipelineInfo"]["name"] == "sent"
    assert job["templateMetadata"]["version"] == version


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/pipelines/letters.yaml",
        "https://europe-west4-kfp.pkg.dev.example.com/my-project/templates/letters/stable",
        "https://europe-west4-kfp.pkg.dev/my-project/templates/letters",
        "http://europe-west4-kfp.pkg.dev/my-project/templates/letters/stable",
        "gs://b/letters.yaml",
        "letters.yaml",
    ],
)
def test_a_template_of_another_place_is_refused(create, uri):
    error = create(uri, code=400)["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    assert uri in error["message"]
    assert "https://LOCATION-kfp.pkg.dev/" in error["message"]


@pytest.mark.parametrize("version", ["no-tag", f"sha256:{'0' * 64}"])
def test_a_template_that_does_not_exist_is_not_found(create, version):
    error = create(f"https://{HOST}/my-project/templates/letters/{version}", code=404)["error"]
    assert error["status"] == "NOT_FOUND"
    assert version in error["message"]
    assert error["details"][0]["reason"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ("", "The pipeline has no tasks."),
        ("root: [\n", "it is not YAML: "),
        ("---\nplatforms: {}\n", "it has 2 documents, and only one is allowed."),
        ("made: 2026-11-20\n", "it has a value that JSON lacks: "),
        ("limit: .nan\n", "it has a value that JSON lacks: "),
    ],
)
def test_a_template_is_checked_like_a_pipeline_that_is_sent(upload, create, more, cause):
    uri, _ = upload(f"pipelineInfo:\n  name: wrong\n{more}".encode())
    error = create(uri, code=400)["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    assert cause in error["message"]


def test_a_job_without_pipeline_and_template_is_refused(create):
    assert (
        "`pipeline_spec` or `template_uri` is required" in create("", code=400)["error"]["message"]
    )
