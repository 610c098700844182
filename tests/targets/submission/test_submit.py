"""Pipelines become runs on a server, once, and are waited for."""

import itertools
import threading
import time

import pytest
import requests
from google.oauth2.credentials import Credentials
from registry_server import free_port
from vertex_server import AFTER, make_error

from kfpkit.errors import (
    CredentialsRefusedError,
    MissingResourceError,
    PermissionDeniedError,
    RunIdTakenError,
    SubmissionRefusedError,
)
from kfpkit.project import find_project
from kfpkit.targets import submit
from kfpkit.targets import wait as wait_for
from kfpkit.targets.vertex.service import TargetCredentials, connect
from kfpkit.targets.watching import Rhythm, RunState


@pytest.fixture
def wait(connection):
    def ask(runs, *, watcher=None, seconds=None):
        rhythm = Rhythm(first=0.01, longest=0.05, limit=seconds)
        return wait_for(runs, watcher=watcher, rhythm=rhythm, connection=connection)

    return ask


@pytest.fixture
def send(root, want, connection):
    return lambda *pipelines, **options: submit(
        want(*pipelines, **options), project=find_project(root), connection=connection
    )


def test_pipelines_become_runs(send, server):
    runs = send("")

    assert sorted(server.jobs) == sorted(run.name for run in runs)
    assert [run.is_new for run in runs] == [True, True]
    assert {run.state for run in runs} == {"pending"}
    one = runs[0]
    assert one.link == (
        "https://console.cloud.google.com/vertex-ai/locations/europe-west4/pipelines/runs/"
        f"{one.id}?project=my-project"
    )


def test_the_template_is_stored_under_its_digest_before_the_run_exists(send, server):
    [run] = send("one")
    upload, create = server.requests

    digest = run.planned.template.digest
    assert run.template == f"gs://my-bucket/root/templates/one/{digest}.yaml"
    assert upload[1] == (
        "/upload/storage/v1/b/my-bucket/o?uploadType=media"
        f"&name=root%2Ftemplates%2Fone%2F{digest}.yaml&ifGenerationMatch=0"
    )
    assert upload[3] == run.planned.template.text.encode()
    assert create[0] == "POST"


def test_a_template_that_is_stored_already_stays(send, server):
    server.answers["POST", "/upload/"] = make_error(412, "conditionNotMet")
    assert send("one")[0].is_new


def test_a_bucket_that_is_missing_is_named_and_nothing_runs(send, server):
    server.answers["POST", "/upload/"] = make_error(404, "The specified bucket does not exist.")
    with pytest.raises(MissingResourceError) as refused:
        send("one")
    assert "The bucket `my-bucket` of the target `dev` doesn't exist" in str(refused.value)
    assert str(refused.value).endswith(
        "`gcloud storage buckets create gs://my-bucket --project my-project --location "
        "europe-west4`."
    )
    assert server.jobs == {}


def test_a_refusal_in_plain_text_is_read_too(send, server):
    server.answers["POST", "/upload/"] = (404, "")
    with pytest.raises(MissingResourceError, match="The bucket `my-bucket`"):
        send("one")


def test_nothing_is_sent_if_one_pipeline_has_a_fault(send, server, root):
    (root / "pipelines/two/config/small.yaml").unlink()
    (root / "pipelines/one/config/small.yaml").unlink()
    with pytest.raises(SubmissionRefusedError):
        send("")
    assert server.requests == []


def test_a_repeated_submission_finds_its_run(send, server):
    server.faults.extend([None, AFTER])
    assert send("one", run="nightly")[0].is_new
    assert not send("one", run="nightly")[0].is_new
    with pytest.raises(RunIdTakenError):
        send("one", run="nightly", parameters={"rows": "5"})
    assert len(server.jobs) == 1


def test_a_run_is_waited_for(send, server, wait):
    [run] = send("one")
    end_later(server, "PIPELINE_STATE_SUCCEEDED")
    [ended] = wait([run])
    assert (ended.state, ended.name) == (RunState.SUCCEEDED, run.name)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("PIPELINE_STATE_FAILED", RunState.FAILED),
        ("PIPELINE_STATE_CANCELLED", RunState.CANCELLED),
        ("PIPELINE_STATE_PAUSED", RunState.PAUSED),
    ],
)
def test_every_end_is_an_end(send, server, state, expected, wait):
    runs = send("one")
    end_later(server, state)
    assert wait(runs)[0].state is expected


def test_waiting_has_a_limit(send, wait):
    runs = send("one")
    begin = time.monotonic()
    assert wait(runs, seconds=0.2)[0].state is RunState.PENDING
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_clock_that_is_set_neither_ends_the_wait_nor_prolongs_it(send, wait, monkeypatch, jump):
    runs = send("one")
    clock = time.time
    jumps = itertools.count()
    monkeypatch.setattr(time, "time", lambda: clock() + next(jumps) * jump)
    begin = time.monotonic()
    assert wait(runs, seconds=0.5)[0].state is RunState.PENDING
    assert 0.5 <= time.monotonic() - begin < 2


def test_waiting_goes_on_while_a_service_fails(send, server, wait):
    runs = send("one")
    server.faults.extend([(503, "<html>")] * 60)
    end_later(server, "PIPELINE_STATE_SUCCEEDED", after=2)
    heard = Heard()
    assert wait(runs, watcher=heard)[0].state is RunState.SUCCEEDED
    assert "still fails" in heard.causes[0]


def test_waiting_for_a_server_that_never_answers_ends_with_the_limit(send, connection, wait):
    runs = send("one")
    connection.addresses["aiplatform"] = f"http://127.0.0.1:{free_port()}"
    assert wait(runs, seconds=0.3)[0].state is RunState.UNKNOWN


@pytest.mark.parametrize(
    ("fault", "error"), [(403, PermissionDeniedError), (401, CredentialsRefusedError)]
)
def test_waiting_ends_with_a_refusal(send, server, fault, error, wait):
    runs = send("one")
    server.faults.extend([make_error(fault)] * 10)
    with pytest.raises(error):
        wait(runs)


def test_nothing_is_waited_for_without_runs(wait):
    assert wait([]) == []


class Heard:
    def __init__(self):
        self.causes = []

    def see(self, progress):
        pass

    def wait(self, cause):
        self.causes.append(cause)


def end_later(server, state, after=0.1):
    """Let all runs of a server end after some seconds."""

    def end():
        for job in server.jobs.values():
            job["state"] = state

    threading.Timer(after, end).start()


def test_the_server_of_these_tests_is_real(server):
    assert requests.get(f"{server.address}/v1/nothing", timeout=5).status_code == 404


def test_a_token_that_expires_while_waiting_is_renewed(root, want, server, connection):
    server.answers["POST", "/token"] = (200, {"access_token": "new", "expires_in": 3600})
    own = connect(
        connection.target,
        credentials=TargetCredentials(
            credentials=Credentials(
                "old",
                refresh_token="r",
                token_uri=f"{server.address}/token",
                client_id="c",
                client_secret="s",
            )
        ),
        addresses=connection.addresses,
        patience=connection.patience,
    )
    runs = submit(want("one"), project=find_project(root), connection=own)
    server.faults.extend([None, None, make_error(401), None])
    end_later(server, "PIPELINE_STATE_SUCCEEDED", after=0.3)
    rhythm = Rhythm(first=0.01, longest=0.05)
    assert wait_for(runs, rhythm=rhythm, connection=own)[0].state is RunState.SUCCEEDED

    tokens = [headers["authorization"] for verb, _, headers, _ in server.requests if verb == "GET"]
    assert (tokens[0], tokens[-1]) == ("Bearer old", "Bearer new")
