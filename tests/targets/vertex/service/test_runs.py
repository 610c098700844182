"""A run is created once, whatever happens to requests and answers."""

import threading
from dataclasses import replace

import pytest
from vertex_server import AFTER, BEFORE, make_error

from kfpkit.errors import (
    MissingResourceError,
    QuotaExceededError,
    RunIdTakenError,
    ServiceFailedError,
    ServiceUnreachableError,
)
from kfpkit.targets.vertex.service import create_run, fetch_run
from kfpkit.vertex import parse_message

PAGE = "<html>502 Bad Gateway</html>"


def list_verbs(server):
    return [verb for verb, *_ in server.requests]


def test_a_run_is_created_with_its_id(make_request, server, connection):
    request = make_request({"rows": 3})
    created = create_run(connection, request)

    assert created.is_new
    assert created.job.name == request.name
    [(verb, path, _, body)] = server.requests
    assert (verb, path) == (
        "POST",
        f"/v1/projects/my-project/locations/europe-west4/pipelineJobs?pipelineJobId={request.run}",
    )
    assert parse_message("PipelineJob", body) == request.job


@pytest.mark.parametrize("fault", [AFTER, BEFORE, (503, PAGE), (500, {"error": {"code": 500}})])
def test_a_lost_answer_never_starts_a_second_run(make_request, server, connection, fault):
    server.faults.append(fault)
    created = create_run(connection, make_request({"rows": 3}))

    assert created.is_new
    assert len(server.jobs) == 1
    assert list_verbs(server) == ["POST", "GET"] + ([] if fault == AFTER else ["POST"])


def test_answers_may_be_lost_again_and_again(make_request, server, connection):
    server.faults.extend([AFTER, BEFORE, (503, PAGE), (429, PAGE)])
    assert create_run(connection, make_request({"rows": 3})).is_new
    assert len(server.jobs) == 1


def test_a_run_that_appears_late_is_the_same_run(make_request, server, connection):
    """A service that was asked too early answers 404, and then refuses the repeated request."""
    server.faults.extend([AFTER, make_error(404)])
    created = create_run(connection, make_request({"rows": 3}))

    assert created.is_new
    assert list_verbs(server) == ["POST", "GET", "POST", "GET"]


def test_a_busy_service_is_asked_again_without_a_doubt(make_request, server, connection):
    server.faults.extend([make_error(429)] * 3)
    create_run(connection, make_request({"rows": 3}))
    assert list_verbs(server) == ["POST"] * 4


def test_a_repeated_command_finds_its_run(make_request, connection):
    first = create_run(connection, make_request({"rows": 3}, run="nightly"))
    again = create_run(connection, make_request({"rows": 3}, run="nightly"))
    assert (first.is_new, again.is_new) == (True, False)
    assert first.job == again.job


def test_another_request_with_the_same_id_is_refused(make_request, server, connection):
    create_run(connection, make_request({"rows": 3}, run="nightly"))
    with pytest.raises(RunIdTakenError, match="Another request has created the run `nightly`") as e:
        create_run(connection, make_request({"rows": 4}, run="nightly"))
    assert (e.value.differs, e.value.state) == (True, "pending")
    [job] = server.jobs.values()
    job["labels"] = {}
    with pytest.raises(RunIdTakenError, match="A request that isn't recorded has created"):
        create_run(connection, make_request({"rows": 3}, run="nightly"))


def test_two_submissions_of_one_id_at_once_are_one_run(make_request, server, connection):
    # Whose answer comes too late on a busy machine can't tell its own run from the others'.
    patient = replace(connection, patience=replace(connection.patience, request=30, total=60))
    requests = [make_request({"rows": 3}, run="nightly") for _ in range(8)]
    created = []
    threads = [
        threading.Thread(target=lambda each=each: created.append(create_run(patient, each)))
        for each in requests
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.is_new for each in created].count(True) == 1
    assert len(created) == 8
    assert len(server.jobs) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ((503, PAGE), ServiceFailedError),
        (BEFORE, ServiceUnreachableError),
        (make_error(429, "Quota exceeded"), QuotaExceededError),
    ],
)
def test_what_never_ends_is_given_up(make_request, server, connection, fault, error):
    server.faults.extend([fault] * 1000)
    with pytest.raises(error):
        create_run(connection, make_request({"rows": 3}))
    assert server.jobs == {}


def test_a_run_is_fetched_through_faults(make_request, server, connection):
    request = make_request({"rows": 3})
    create_run(connection, request)
    server.faults.extend([make_error(429), (502, PAGE), BEFORE])
    assert fetch_run(connection, request.name).name == request.name


def test_a_run_that_is_gone_is_named(make_request, connection):
    name = make_request({"rows": 3}, run="gone").name
    with pytest.raises(MissingResourceError, match=f"The run `{name}` doesn't exist") as refused:
        fetch_run(connection, name)
    assert name in refused.value.resource
