from __future__ import annotations

import json

import pytest

from kfpkit.runs.record import Input, Place, Revision, RunState, Source, State
from tests.runs.records import make_record, make_task, write_run


@pytest.fixture
def failed(project):
    task = make_task(
        "for-loop-1/2/train",
        state=State.FAILED,
        failure="it exited with code 1",
        place=Place(file="src/models.py", line=7),
        peak_memory=52_000_000,
        inputs={"rows": Input(value=500, sources=(Source(task="load", output="rows"),))},
    )
    record = make_record(
        state=RunState.FAILED,
        revision=Revision(commit="0123456789abcdef", dirty=True),
        tasks=(make_task("load"), task),
    )
    return write_run(project, record)


def test_a_run_is_shown_with_its_parameters_tasks_and_failure(runs, failed):
    shown = runs("show")

    facts = [line.split(maxsplit=1) for line in shown.splitlines()]
    assert ["State", "failed"] in facts
    assert ["Revision", "0123456789ab with uncommitted changes"] in facts
    assert ["rows", "500 (default)"] in facts
    assert ["Folder", f".kfpkit/runs/{failed.name}"] in facts
    assert "Task `for-loop-1/2/train` failed: it exited with code 1. See src/models.py:7" in shown


@pytest.mark.parametrize("name", ["train", "for-loop-1/2/train"])
def test_a_task_is_shown_with_its_inputs_and_failure(runs, failed, name):
    facts = [line.split(maxsplit=1) for line in runs("show", "latest", name).splitlines()]

    assert ["Failure", "it exited with code 1"] in facts
    assert ["Place", "src/models.py:7"] in facts
    assert ["Memory", "52 MB"] in facts
    assert ["rows", "(input)  500 from load.rows"] in facts


def test_programs_get_the_record(runs, failed):
    assert json.loads(runs("show", failed.name, "--json"))["state"] == "failed"
    assert json.loads(runs("show", failed.name, "train", "--json"))["place"]["line"] == 7


def test_a_run_is_found_by_its_path(runs, failed, tmp_path):
    moved = failed.rename(tmp_path / "mailed")

    assert "Run       20261102-120000-000-training" in runs("show", str(moved))
    assert "Run       20261102-120000-000-training" in runs("show", str(moved / "run.json"))


def test_what_is_not_there_is_refused(refused, failed):
    assert "Did you mean `for-loop-1/2/train`?" in refused("show", "latest", "for-loop-1/1/train")
    assert "No run is named `latest~1`." in refused("show", "latest~1")


def test_the_page_of_a_run_that_was_killed_is_written_afterwards(runs, failed):
    assert runs("show", "--page") == f".kfpkit/runs/{failed.name}/page.html\n"
    assert "it exited with code 1" in (failed / "page.html").read_text()


def test_a_page_that_cannot_be_written_is_told(refused, failed):
    (failed / "page.html").mkdir()

    assert "The page of the run in" in refused("show", "--page")
