"""The reports of runs of targets: fetched from the target's own addresses, up to a size."""

from __future__ import annotations

import pytest
from google.auth.credentials import AnonymousCredentials
from vertex_server import make_error, serve_vertex

from kfpkit.project import find_project
from kfpkit.runs.pages import REPORT, REPORTS
from kfpkit.runs.record import (
    Artifact,
    Output,
    RunRecord,
    RunState,
    State,
    Target,
    Task,
    read_record,
)
from kfpkit.targets import VertexTarget
from kfpkit.targets.patience import Patience
from kfpkit.targets.runs import TargetRun, fetch_run, make_runs
from kfpkit.targets.vertex.service import TargetCredentials, connect

TARGET = {
    "name": "dev",
    "project": "my-project",
    "location": "europe-west4",
    "pipeline-root": "gs://my-bucket/root",
}
REPORTED = "gs://my-bucket/root/1/report"
OBJECT = "/storage/v1/b/my-bucket/o/root%2F1%2Freport"


@pytest.fixture
def server():
    with serve_vertex() as found:
        yield found


@pytest.fixture
def fetch(server, project, monkeypatch):
    """Return a function that fetches a run with reports, and returns record, folder and lines."""
    own = find_project(project({}))

    def call(*addresses, kind="vertex", name="train", state=State.SUCCEEDED, html="system.HTML"):
        target = VertexTarget.model_validate({**TARGET, "kind": kind})
        connection = connect(
            target,
            credentials=TargetCredentials(credentials=AnonymousCredentials()),
            addresses={"storage": server.address},
            patience=Patience(first=0.01, longest=0.05, total=0.2, request=0.5),
        )
        runs = make_runs(connection, own)
        outputs = {
            f"report-{number}": Output(artifact=Artifact(type=html, uri=uri))
            for number, uri in enumerate(addresses)
        }
        task = Task(name=name, state=state, outputs=outputs)
        place = Target(name="dev", kind=kind)
        record = RunRecord(
            id="run", pipeline="p", state=RunState.SUCCEEDED, target=place, tasks=(task,)
        )
        monkeypatch.setattr(type(runs), "find", lambda _, wanted: wanted)
        monkeypatch.setattr(type(runs), "fetch", lambda *_: TargetRun(record=record, pipeline=""))
        lines = []
        folder = fetch_run(runs, "run", own, lines.append)
        return read_record(folder).tasks[0], folder, lines

    call.project = own
    return call


def test_a_report_is_fetched_and_shown(server, fetch):
    server.answers["GET", OBJECT] = (200, "<h1>measured &amp; told</h1>")

    task, folder, lines = fetch(REPORTED)

    assert (task.pages, task.unread_reports, lines) == (
        {"report-0": "pages/train-report-0.html"},
        {},
        [],
    )
    assert (folder / "pages/train-report-0.html").read_text() == "<h1>measured &amp; told</h1>"
    assert "measured &amp; told" in (folder / "page.html").read_text()
    [(verb, path, _, _)] = server.requests
    assert (verb, path) == ("GET", f"{OBJECT}?alt=media")


def test_markdown_is_fetched_too(server, fetch):
    server.answers["GET", OBJECT] = (200, "# told")

    assert fetch(REPORTED, html="system.Markdown")[0].pages == {
        "report-0": "pages/train-report-0.md"
    }


@pytest.mark.parametrize(
    "uri",
    [
        "gs://other-bucket/root/1/report",
        "gs://my-bucket-2/report",
        "gs://my-bucket/",
        "https://my-bucket/report",
        "file:///etc/hostname",
        "/etc/hostname",
    ],
)
def test_an_address_that_is_not_the_bucket_s_is_never_followed(server, fetch, uri):
    task, folder, [line] = fetch(uri)

    assert server.requests == []
    assert task.pages == {}
    assert task.unread_reports["report-0"] == "it is not in the target's bucket, `my-bucket`"
    assert f"`report-0` of the task `train`, {uri}: it is not in the target's bucket" in line
    assert "not in the target's bucket" in (folder / "page.html").read_text()


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (make_error(404, "No such object"), "it does not exist"),
        (make_error(403, "ann does not have storage.objects.get access"), "storage.objects.get"),
        ((302, "", {"Location": "http://127.0.0.1:9/elsewhere"}), "302"),
        ((200, "x" * (REPORT + 1)), f"it has more than the {REPORT} bytes that fit"),
        ((503, "<html>busy</html>"), "still fails after"),
    ],
)
def test_the_cause_is_told_if_a_report_cannot_be_read(server, fetch, answer, cause):
    server.answers["GET", OBJECT] = answer

    task, folder, [line] = fetch(REPORTED)

    assert cause in task.unread_reports["report-0"]
    assert cause in line
    assert not (folder / "pages").exists()


def test_all_reports_together_have_a_limit(server, fetch):
    server.answers["GET", OBJECT] = (200, "x" * REPORT)

    task, _, lines = fetch(*[REPORTED] * (REPORTS // REPORT + 2))

    assert len(task.pages) == REPORTS // REPORT
    assert len(lines) == 2
    assert all(str(REPORTS) in cause for cause in task.unread_reports.values())
    assert len(server.requests) == REPORTS // REPORT


@pytest.mark.parametrize("state", [State.FAILED, State.RUNNING, State.SKIPPED])
def test_tasks_that_have_not_ended_well_have_no_reports(server, fetch, state):
    task, _, lines = fetch(REPORTED, state=state)

    assert (task.pages, lines) == ({}, [])


@pytest.mark.parametrize("name", ["../../outside", "/tmp/outside", "for-loop-1/0/train"])
def test_the_name_of_a_task_leads_nowhere_else(server, fetch, name):
    server.answers["GET", OBJECT] = (200, "told")

    task, folder, _ = fetch(REPORTED, name=name)

    [page] = task.pages.values()
    assert (folder / page).resolve().parent == (folder / "pages").resolve()


def test_the_emulator_s_reports_are_files_of_its_runs(fetch):
    runs = fetch.project.state / "runs"
    inside, outside = runs / "1/artifacts/report", fetch.project.root / "secret"
    for file in (inside, outside):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("told")
    link = runs / "1/artifacts/link"
    link.symlink_to(outside)

    task, folder, lines = fetch(
        str(inside), str(outside), str(link), f"{runs}/../../secret", "gone", kind="emulator"
    )

    assert (folder / task.pages.pop("report-0")).read_text() == "told"
    assert task.pages == {}
    assert len(lines) == 4
    causes = list(task.unread_reports.values())
    assert all("it is not in the folder of all runs" in cause for cause in causes[:3])
    assert causes[3] == "it does not exist"
