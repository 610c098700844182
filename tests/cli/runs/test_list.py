from __future__ import annotations

import json

from kfpkit.runs.record import RunState
from tests.runs.records import make_record, write_run


def test_without_runs_the_next_step_is_printed(runs):
    assert runs("list") == "No runs found. To run a pipeline, use `kfpkit run PIPELINE`.\n"
    assert json.loads(runs("list", "--json")) == []


def test_each_run_has_a_line(runs, project):
    write_run(project, make_record("20261101-080000-000-training"))
    write_run(project, make_record("20261102-080000-000-training", state=RunState.FAILED))

    heading, newest, oldest = runs("list").splitlines()

    assert heading.split() == ["Run", "State", "Pipeline", "Duration", "Cached", "Metric"]
    assert newest.split()[:3] == ["20261102-080000-000-training", "failed", "training"]
    assert oldest.split()[3:] == ["12.5", "s", "1/2", "accuracy", "0.75"]
    assert len(runs("list", "--limit", "1").splitlines()) == 2
    assert "20261101" not in runs("list", "--state", "failed")


def test_programs_get_the_same_facts(runs, project):
    write_run(project, make_record("20261101-080000-000-training"))

    (facts,) = json.loads(runs("list", "--json"))

    assert facts["name"] == "20261101-080000-000-training"
    assert facts["started"] == "2026-11-02T12:00:00+00:00"
    assert facts["metric"]["value"] == 0.75
    assert (facts["cached"], facts["tasks"]) == (1, 2)


def test_a_run_whose_process_is_gone_is_recorded_and_reported_as_such(runs, project):
    folder = write_run(project, make_record(state=RunState.RUNNING, seconds=None))
    (folder / "running.lock").touch()

    assert f"The run {folder.name} was interrupted" in runs("list")
    assert json.loads(runs("list", "--json"))[0]["state"] == "broken off"


def test_a_state_that_no_run_can_have_is_refused(refused, runs, project):
    write_run(project, make_record())

    assert "Choose one of `running`" in refused("list", "--state", "bad")
    assert runs("list", "--state", "failed") == "No runs match.\n"
