"""The request is the official client's for the same input, but for the deviations below.

The official client runs as it stands against a server on loopback, which keeps what it receives.
"""

import inspect
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from google.auth.credentials import AnonymousCredentials

from kfpkit.compiler import compile_pipeline
from kfpkit.loading import load_pipeline
from kfpkit.vertex import parse_message, print_message

PIPELINES = Path(__file__).parents[3] / "pipelines"
KEYS = {
    "service-account": "p@my-project.iam.gserviceaccount.com",
    "network": "projects/123/global/networks/vpc",
    "encryption-key": "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k",
    "failure-policy": "fast",
    "preflight": True,
    "labels": {"team": "churn"},
}
ALL = {
    "rows": 3,
    "rate": 2,
    "label": "b",
    "strict": True,
    "columns": ["x", "y"],
    "limits": {"high": [1, 2.5, None]},
}


@pytest.fixture
def submit_officially(official, monkeypatch):
    """Submit a run with the official client, and return what it sends as a path and a message."""

    def submit(request, file, parameters, *, keys=None, caching=None):
        with receiving() as (address, created):
            monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
            official.init(
                project="my-project",
                location="europe-west4",
                api_endpoint=address,
                api_transport="rest",
                credentials=AnonymousCredentials(),
            )
            submit_job(official, request, file, parameters, keys=keys or {}, caching=caching)
        [(path, body)] = created
        return path, parse_message("PipelineJob", body)

    return submit


@pytest.fixture(scope="module")
def files(compiled, tmp_path_factory):
    """Return compiled pipelines by name: the examples of this repository, and one of all types."""
    folder = tmp_path_factory.mktemp("examples")
    examples = {
        name: compile_pipeline(load_pipeline(PIPELINES / name), folder / f"{name}.yaml")
        for name in ("seed", "training")
    }
    return {"all-kinds": compiled, **examples}


@contextmanager
def receiving():
    """Serve what the official client asks for, and keep the requests that create runs."""
    created = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            # It asks for the bucket of the root; if it had it, it would ask another service.
            self.answer(403, {"error": {"code": 403, "message": "storage.buckets.get"}})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            created.append((self.path, body))
            self.answer(200, body | {"name": "projects/1/locations/l/pipelineJobs/x"})

        def answer(self, code, body):
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", created
        finally:
            server.shutdown()


def submit_job(official, request, file, parameters, **options):
    keys = options["keys"]
    job = official.PipelineJob(
        display_name=request.body["displayName"],
        template_path=str(file),
        job_id=request.run,
        pipeline_root="gs://my-bucket/root",
        parameter_values=parameters,
        enable_caching=options["caching"],
        encryption_spec_key_name=keys.get("encryption-key"),
        labels=keys.get("labels"),
        failure_policy=keys.get("failure-policy"),
    )
    job.submit(
        service_account=keys.get("service-account"),
        network=keys.get("network"),
        enable_preflight_validations=keys.get("preflight", False),
    )


def without_own_labels(job):
    """Return a message without the first deviation: labels of kfpkit."""
    body = print_message(job)
    labels = body.pop("labels", {})
    kept = {key: value for key, value in labels.items() if not key.startswith("kfpkit-")}
    return parse_message("PipelineJob", {**body, **({"labels": kept} if kept else {})})


@pytest.mark.parametrize("keys", [{}, KEYS], ids=["required", "all"])
@pytest.mark.parametrize("name", ["all-kinds", "training", "seed"])
def test_the_message_is_the_official_clients(submit_officially, make_request, files, name, keys):
    given = find_required(files[name])
    ours = make_request(given, file=files[name], keys=keys)
    path, theirs = submit_officially(ours, files[name], given, keys=keys)

    assert without_own_labels(ours.job) == theirs
    assert path.split("?")[0] == f"/v1/{ours.parent}/pipelineJobs"
    assert f"pipelineJobId={ours.run}" in path


def test_parameters_of_all_types_are_the_official_clients(
    submit_officially, make_request, compiled
):
    ours = make_request(ALL)
    assert without_own_labels(ours.job) == submit_officially(ours, compiled, ALL)[1]


@pytest.mark.parametrize("name", ["all-kinds", "training"])
def test_without_the_cache_the_message_is_the_official_clients(
    submit_officially, make_request, files, name
):
    given = find_required(files[name])
    ours = make_request(given, file=files[name], caching=False)
    # The second deviation: `caching: true` keeps what is compiled, as the official None.
    assert (
        without_own_labels(ours.job)
        == submit_officially(ours, files[name], given, caching=False)[1]
    )


def find_required(file):
    """Return values for the parameters of a pipeline that have no default."""
    spec = next(yaml.safe_load_all(file.read_text()))
    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    samples = {"STRING": "x", "NUMBER_INTEGER": 1, "NUMBER_DOUBLE": 0.5, "BOOLEAN": True}
    return {
        name: samples[each["parameterType"]]
        for name, each in declared.items()
        if "defaultValue" not in each and not each.get("isOptional")
    }


def test_the_official_client_drops_a_null_that_kfpkit_refuses(
    submit_officially, make_request, compiled
):
    """The third deviation: `NullParameterError`; see the tests of requests."""
    ours = make_request({"rows": 3})
    _, theirs = submit_officially(ours, compiled, {"rows": 3, "rate": None})
    assert without_own_labels(ours.job) == theirs


def test_the_official_client_rounds_a_number_that_kfpkit_refuses(
    submit_officially, make_request, compiled
):
    """The fourth deviation: numbers past 2**53."""
    ours = make_request({"rows": 2**53})
    _, theirs = submit_officially(ours, compiled, {"rows": 2**53 + 1})
    assert without_own_labels(ours.job) == theirs


def test_the_official_client_has_no_private_service_connect(official):
    """The fifth deviation: `psc-interface`, which the service has and the client doesn't."""
    for function in (official.PipelineJob, official.PipelineJob.submit):
        assert not [name for name in inspect.signature(function).parameters if "psc" in name]
