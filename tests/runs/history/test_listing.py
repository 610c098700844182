"""Runs in a list."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from kfpkit.project import find_project
from kfpkit.runs.history import LocalRuns, RunFilter, list_runs
from kfpkit.runs.record import RunState
from tests.runs.records import make_record, write_run


@pytest.fixture
def source(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")
    return LocalRuns(project=find_project(tmp_path))


def test_a_project_without_runs_has_an_empty_list(source):
    assert list(list_runs(source)) == []


def test_runs_come_newest_first_with_what_there_is_to_say(source, tmp_path):
    write_run(tmp_path, make_record("20261101-080000-000-training"))
    write_run(tmp_path, make_record("20261102-080000-000-training"))
    (tmp_path / ".kfpkit/runs/latest").symlink_to("20261102-080000-000-training")

    first, second = list_runs(source)

    assert [first.name, second.name] == [
        "20261102-080000-000-training",
        "20261101-080000-000-training",
    ]
    assert (first.state, first.pipeline, first.seconds) == ("succeeded", "training", 12.5)
    assert (first.cached, first.tasks) == (1, 2)
    assert (first.metric.name, first.metric.text) == ("accuracy", "0.75")


def test_a_run_that_goes_on_has_taken_some_time(source, tmp_path):
    write_run(tmp_path, make_record(state=RunState.RUNNING, seconds=None))

    (line,) = list_runs(source)

    assert line.seconds > 0


def test_pipelines_and_states_are_chosen_and_the_limit_counts_what_is_left(source, tmp_path):
    for day in range(1, 5):
        state = RunState.FAILED if day % 2 else RunState.SUCCEEDED
        write_run(tmp_path, make_record(f"2026110{day}-080000-000-training", state=state))
    write_run(tmp_path, make_record("20261105-080000-000-seed", pipeline="seed"))

    def names(limit=None, **options):
        wanted = RunFilter(**options)
        return [line.name[:8] for line in list_runs(source, wanted=wanted, limit=limit)]

    assert names(limit=2) == ["20261105", "20261104"]
    assert names(pipeline="training", limit=2) == ["20261104", "20261103"]
    assert names(state="failed") == ["20261103", "20261101"]
    assert names(pipeline="seed", state="failed") == []


def test_times_and_labels_are_chosen(source, tmp_path):
    for day in (1, 2):
        started = dt.datetime(2026, 11, day, 8, tzinfo=dt.timezone.utc)
        labels = {"team": "churn", "day": str(day)}
        name = f"2026110{day}-080000-000-training"
        write_run(tmp_path, make_record(name, started=started, user_labels=labels))

    def names(**options):
        return [line.name[:8] for line in list_runs(source, wanted=RunFilter(**options))]

    noon = dt.datetime(2026, 11, 1, 12, tzinfo=dt.timezone.utc)
    assert names(since=noon) == ["20261102"]
    assert names(until=noon) == ["20261101"]
    assert names(labels={"team": "churn"}) == ["20261102", "20261101"]
    assert names(labels={"team": "churn", "day": "1"}) == ["20261101"]
    assert names(labels={"team": "sales"}) == []


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"format": 99, "id": "x"}'])
def test_a_record_that_cannot_be_read_is_in_the_list_and_hides_no_other(source, tmp_path, content):
    write_run(tmp_path, make_record("20261101-080000-000-training"))
    damaged = tmp_path / ".kfpkit/runs/20261102-080000-000-training"
    damaged.mkdir()
    if content is not None:
        (damaged / "run.json").write_text(content)

    first, second = list_runs(source)

    assert (first.name, first.state) == (damaged.name, "unreadable")
    assert str(damaged / "run.json") in first.problem
    assert second.state == "succeeded"


def test_a_thousand_runs_are_listed_at_once(source, tmp_path):
    text = make_record("x").model_dump_json(by_alias=True, exclude_none=True)
    for number in range(1000):
        folder = tmp_path / f".kfpkit/runs/20261101-080000-{number:03}-training"
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(text)
    started = time.perf_counter()

    lines = list(list_runs(source, limit=20))

    assert len(lines) == 20
    assert time.perf_counter() - started < 0.5
