"""The runs of a Kubeflow server: listed, found, fetched, read, cancelled and retried."""

import threading
from datetime import datetime, timedelta, timezone

import kfp_server_api as api
import pytest
from kubeflow_server import AFTER, BEFORE

from kfpkit.errors import (
    AmbiguousRunError,
    FixedExperimentError,
    InvalidRequestError,
    MissingLogError,
    UncancellableRunError,
    UnfilteredRunsError,
    UnknownRunError,
    UnreadLogError,
    UnretryableRunError,
)
from kfpkit.project import find_project
from kfpkit.runs.history import RunFilter
from kfpkit.runs.record import read_record
from kfpkit.targets.runs import fetch_run, make_runs

FIRST = datetime(2026, 11, 1, tzinfo=timezone.utc)
POD = "one-x7k2p-system-container-impl-3811922045"
CHILD = api.PipelineTaskDetailChildTask(pod_name="one-x7k2p-3811922045")


@pytest.fixture
def runs(connection, root):
    return make_runs(connection, find_project(root))


@pytest.fixture
def several(send, server):
    """Create a run each day, with different ends."""
    ends = {"one-a": "SUCCEEDED", "one-b": "FAILED", "two": "CANCELED"}
    for number, (name, state) in enumerate(ends.items()):
        run = send(run=name)
        server.end_run(run.name, state, [("show", state, {})])
        server.runs[run.name].created_at = FIRST + timedelta(days=number)
        server.runs[run.name].finished_at = FIRST + timedelta(days=number, seconds=7)
    return {run.display_name: run for run in server.runs.values()}


def list_names(runs, limit=None, **conditions):
    return [line.name for line in runs.list_runs(RunFilter(**conditions), limit)]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["two", "one-b", "one-a"]),
        ({"limit": 1}, ["two"]),
        ({"state": "failed"}, ["one-b"]),
        ({"state": "stopped"}, ["two"]),
        ({"pipeline": "one"}, ["two", "one-b", "one-a"]),
        ({"pipeline": "other"}, []),
        ({"since": FIRST + timedelta(days=1)}, ["two", "one-b"]),
        ({"since": FIRST + timedelta(microseconds=1)}, ["two", "one-b"]),
        ({"until": FIRST + timedelta(days=1)}, ["one-a"]),
        ({"until": FIRST + timedelta(microseconds=1)}, ["one-a"]),
        ({"labels": {"kfpkit-target": "cluster"}}, ["two", "one-b", "one-a"]),
        ({"labels": {"kfpkit-target": "clus"}}, []),
        ({"labels": {"kfpkit-target": "c%"}}, []),
    ],
)
@pytest.mark.usefixtures("several")
def test_runs_are_listed_and_filtered(runs, conditions, expected):
    assert list_names(runs, **conditions) == expected


@pytest.mark.usefixtures("several")
def test_the_server_applies_all_but_the_pipeline(runs, server):
    server.requests.clear()
    list_names(runs, state="failed", since=FIRST, pipeline="one")
    [(_, path, *_)] = server.requests
    assert path.count("operation") == 2
    assert "created_at+desc" in path or "created_at%20desc" in path


def test_all_pages_are_read_but_no_more_than_needed(runs, server, several):
    for number in range(120):
        twin = type(several["two"])(**several["two"].to_dict())
        twin.run_id, twin.display_name = f"id-{number}", f"run-{number}"
        server.runs[twin.run_id] = twin
    server.requests.clear()
    assert len(list_names(runs)) == 123
    assert len(server.requests) == 3
    server.requests.clear()
    assert len(list_names(runs, limit=20)) == 20
    assert len(server.requests) == 1


def test_labels_that_runs_do_not_have_are_refused(runs, server):
    with pytest.raises(UnfilteredRunsError, match="`kfpkit-revision`") as refused:
        list_names(runs, labels={"team": "churn", "kfpkit-user": "ann"})
    assert refused.value.labels == ("team",)
    assert not server.requests


def test_runs_are_found_by_names_their_beginnings_and_ids(runs, several):
    assert runs.find("latest") == "two"
    assert runs.find("latest~2") == "one-a"
    assert runs.find("one-a") == "one-a"
    assert runs.find("tw") == "two"
    own = several["two"].run_id
    assert runs.find(own) == own
    assert runs.find(own[:10]) == "two"
    for wanted in ("latest~3", "none", own[::-1]):
        with pytest.raises(UnknownRunError):
            runs.find(wanted)
    with pytest.raises(AmbiguousRunError, match="cluster:one-b"):
        runs.find("one")


def test_runs_of_one_name_are_told_apart_by_their_ids(runs, several):
    several["one-a"].display_name = "two"
    with pytest.raises(AmbiguousRunError) as refused:
        runs.find("two")
    ids = [several[name].run_id for name in ("two", "one-a")]
    assert refused.value.found == [f"cluster:{each}" for each in ids]
    with pytest.raises(AmbiguousRunError):
        runs.fetch(runs.find("latest"))
    assert {runs.fetch(each).record.id for each in ids} == {*ids}


@pytest.mark.usefixtures("several")
def test_a_run_becomes_a_folder_like_those_of_this_machine(runs, root):
    folder = fetch_run(runs, "one-b", find_project(root))

    assert folder == root / ".kfpkit/targets/cluster/runs/one-b"
    record = read_record(folder)
    assert (record.pipeline, record.parameters["rows"].value) == ("one", 3)
    assert "pipelineInfo" in (folder / "pipeline.yaml").read_text()
    assert (folder / "page.html").is_file()


def test_a_run_of_an_uploaded_pipeline_has_that_pipeline(runs, server, several):
    run = several["two"]
    pipeline = server.upload_pipeline("one", _to_text(run.pipeline_spec), {})
    [version] = server.versions.values()
    run.pipeline_spec = None
    run.pipeline_version_reference = api.V2beta1PipelineVersionReference(
        pipeline_id=pipeline.pipeline_id, pipeline_version_id=version.pipeline_version_id
    )
    assert list_names(runs, pipeline="one") == ["two", "one-b", "one-a"]
    assert runs.fetch("two").record.pipeline == "one"

    server.remove("versions", version.pipeline_version_id)
    again = make_runs(runs.connection, runs.project)
    assert (again.fetch("two").record.pipeline, again.fetch("two").pipeline) == ("", "")


def _to_text(spec):
    import yaml  # noqa: PLC0415

    return yaml.safe_dump(spec)


def test_a_log_is_that_of_the_pod(runs, server, several):
    run = several["one-a"]
    server.end_run(run.run_id, "SUCCEEDED", [("show", "SUCCEEDED", {"child_tasks": [CHILD]})])
    server.logs[POD] = "first\nsecond\nthird\n"
    assert list(runs.read_log("one-a", "show")) == ["first", "second", "third"]
    assert list(runs.read_log("one-a", "show", lines=2)) == ["second", "third"]
    del server.logs[POD]
    with pytest.raises(UnreadLogError, match="opening log stream") as refused:
        list(runs.read_log("one-a", "show"))
    assert refused.value.command == (
        f"kubectl logs --namespace team --selector pipeline/runid={run.run_id} --container main "
        "--prefix --tail -1"
    )


@pytest.mark.usefixtures("several")
def test_a_log_is_refused_if_the_server_tells_no_pod_or_another_page_answers(runs, server):
    with pytest.raises(UnreadLogError, match="doesn't tell which pod"):
        list(runs.read_log("one-a", "show"))
    server.end_run(
        next(iter(server.runs)), "SUCCEEDED", [("show", "SUCCEEDED", {"pod_name": "own"})]
    )
    server.faults.extend([None, (200, "<html>Kubeflow</html>")])
    with pytest.raises(UnreadLogError, match="a page has answered"):
        list(runs.read_log("one-a", "show"))


def test_a_task_that_has_not_run_has_no_log(runs, server, several):
    server.end_run(several["one-a"].run_id, "FAILED", [("show", "SKIPPED", {})])
    with pytest.raises(MissingLogError, match='"skipped"'):
        list(runs.read_log("one-a", "show"))


def test_a_log_is_followed_until_its_task_ends(runs, server, send, monkeypatch):
    run = send(run="long")
    running = ("show", "RUNNING", {"child_tasks": [CHILD]})
    server.end_run(run.name, "RUNNING", [running])
    states = [None, "first\nsec", "first\nsecond\n", "first\nsecond\nlast"]

    def go_on(_):
        state = states.pop(0)
        if state is not None:
            server.logs[POD] = state
        if not states:
            server.end_run(run.name, "SUCCEEDED", [("show", "SUCCEEDED", running[2])])

    monkeypatch.setattr("kfpkit.targets.runs.kubeflow_runs.time.sleep", go_on)
    assert list(runs.read_log("long", "show", follows=True)) == ["first", "second", "last"]


def test_a_run_is_cancelled_once(runs, server, send):
    send(run="long")
    assert runs.cancel("long") in {"canceling", "canceled"}
    with pytest.raises(UncancellableRunError, match="it has ended already: stopped"):
        runs.cancel("long")


def test_a_cancellation_whose_answer_is_lost_is_one(runs, server, send):
    run = send(run="long")
    server.faults.extend([None, AFTER])
    assert runs.cancel("long") in {"canceling", "canceled"}
    assert server.runs[run.name].state == "CANCELED"


def test_a_run_that_failed_goes_on_as_the_same_run(runs, server, several):
    assert runs.retry("one-b") == "running"
    assert runs.retry("two") == "running"
    assert len(server.runs) == len(several)
    for name, state in (("one-a", "succeeded"), ("one-b", "running")):
        with pytest.raises(UnretryableRunError, match=f"and it is {state}"):
            runs.retry(name)


@pytest.mark.parametrize(("fault", "reached"), [(AFTER, True), (BEFORE, False)])
def test_a_retry_whose_answer_is_lost_is_not_sent_again(runs, server, several, fault, reached):
    server.requests.clear()
    server.faults.extend([None, None, fault])
    if reached:
        assert runs.retry("one-b") == "running"
    else:
        with pytest.raises(Exception, match="can't be reached"):
            runs.retry("one-b")
    assert [path for verb, path, *_ in server.requests if verb == "POST"] == [
        f"/apis/v2beta1/runs/{several['one-b'].run_id}:retry"
    ]


def test_a_retry_that_the_server_refuses_says_why(runs, server, several):
    thread = threading.Thread(target=server.retry_run, args=(several["one-b"].run_id,))
    message = runs._search.fetch("one-b")
    thread.start()
    thread.join()
    from kfpkit.targets.kubeflow.service import retry_run  # noqa: PLC0415

    with pytest.raises(InvalidRequestError, match="its state is RUNNING"):
        retry_run(runs.connection, message["run_id"])


def test_the_experiment_of_a_run_is_not_changed(runs, several):
    with pytest.raises(FixedExperimentError, match="Set `experiment`"):
        runs.associate("two", "churn")
    assert several
