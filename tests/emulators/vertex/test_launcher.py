"""The launcher that uploads models, of Google Cloud Pipeline Components, as it stands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

LAUNCHER = "google_cloud_pipeline_components.container.v1.model.upload_model.launcher"
PLACE = "projects/my-project/locations/europe-west4"

# It asks for the operation every 20 seconds.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """Install the launcher beside kfp: it excludes the client of these tests, and needs none."""
    folder = tmp_path_factory.mktemp("launcher")
    locked = Path(__file__).with_name("launcher.txt")
    options = ["--quiet", "--no-deps", "--require-hashes", "--requirement", locked]
    command = [sys.executable, "-m", "pip", "install", "--target", folder, *options]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture
def begin(vertex_project, variables, packages, tmp_path) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts the launcher in `kfpkit emulator vertex -- …`."""
    assert variables  # the emulator runs, and stays

    def run(model, *options):
        payload = json.dumps({"display_name": "churn", "labels": {}, "description": ""})
        inputs = {
            "inputs": {"artifacts": {"unmanaged_container_model": {"artifacts": [model]}}},
            "outputs": {
                "artifacts": {
                    "model": {"artifacts": [{"name": "model", "uri": "", "metadata": {}}]}
                },
                "outputFile": str(tmp_path / "out" / "executor_output.json"),
            },
        }
        words = [
            *(sys.executable, "-m", "kfpkit", "emulator", "vertex", "--"),
            *(sys.executable, "-m", LAUNCHER),
            *("--type", "UploadModel", "--project", "my-project", "--location", "europe-west4"),
            *("--payload", payload, "--executor_input", json.dumps(inputs)),
            *("--gcp_resources", str(tmp_path / "resources" / "gcp_resources")),
            *options,
        ]
        return subprocess.Popen(
            words,
            cwd=vertex_project.root,
            env={**os.environ, "PYTHONPATH": str(packages)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture
def model() -> dict[str, object]:
    image = "europe-docker.pkg.dev/my-project/images/server:1"
    return {
        "uri": "gs://my-bucket/model",
        "metadata": {"containerSpec": {"imageUri": image, "predictRoute": "/predict"}},
    }


def test_a_model_is_uploaded_twice_and_its_versions_are_found(begin, model, address, tmp_path):
    names = []
    for options in ((), ("--parent_model_name",)):
        own = [*options, *(names[-1:] if options else [])]
        with begin(model, *own) as launcher:
            _, errors = launcher.communicate(timeout=200)
        assert launcher.returncode == 0, errors
        output = json.loads((tmp_path / "out" / "executor_output.json").read_text())
        [made] = output["artifacts"]["model"]["artifacts"]
        names.append(made["metadata"]["resourceName"])
        prefix = "https://europe-west4-aiplatform.googleapis.com/v1/"
        assert made["uri"] == f"{prefix}{names[-1]}"

    first, second = names
    assert (first.rpartition("@")[2], second.rpartition("@")[2]) == ("1", "2")
    found = requests.get(f"{address}/v1/{second}", timeout=20).json()
    assert found["artifactUri"] == "gs://my-bucket/model"
    assert found["containerSpec"]["predictRoute"] == "/predict"
    resources = json.loads((tmp_path / "resources" / "gcp_resources").read_text())
    assert resources["resources"][0]["resourceType"] == "VertexLro"


def test_a_wrong_model_ends_the_launcher_with_the_error_of_the_service(begin, model):
    with begin(model, "--parent_model_name", f"{PLACE}/models/none") as launcher:
        _, errors = launcher.communicate(timeout=100)
    assert launcher.returncode != 0
    assert "The Model projects/" in errors
    assert "does not exist" in errors


def test_a_launcher_that_is_cancelled_cancels_its_operation(begin, model, vertex_project, tmp_path):
    log = vertex_project.root / "logs/vertex.log"
    before = log.read_text()
    with begin(model) as launcher:
        resources = tmp_path / "resources" / "gcp_resources"
        while not resources.is_file() or not resources.read_text():
            assert launcher.poll() is None, launcher.communicate()
        time.sleep(2)  # now it waits, and takes the signal
        launcher.send_signal(signal.SIGTERM)
        launcher.communicate(timeout=100)
    assert ":cancel 200" in log.read_text().removeprefix(before)
