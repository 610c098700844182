from __future__ import annotations

import json

import pytest

from kfpkit.runs.record import Parameter
from tests.runs.records import make_metrics, make_record, make_task, write_run


@pytest.fixture
def two(project):
    write_run(project, make_record("20261101-080000-000-training"))
    better = make_record(
        "20261102-080000-000-training",
        parameters={"rows": Parameter(value=900)},
        tasks=(make_task("train", outputs=make_metrics(accuracy=0.875, loss=0.5)),),
    )
    write_run(project, better)


def test_what_differs_is_printed_with_the_baseline_first(runs, two):
    printed = runs("compare", "latest~1", "latest")

    lines = [line.split() for line in printed.splitlines()]
    assert lines[0] == ["A", "20261101-080000-000-training", "succeeded"]
    assert lines[2] == ["Changed:", "1", "parameter,", "1", "output"]
    assert ["rows", "500", "900", "+400"] in lines
    assert ["train.accuracy", "0.75", "0.875", "+0.125"] in lines
    assert "train.loss" not in printed
    assert "train.loss" in runs("compare", "latest~1", "latest", "--all")


def test_programs_get_the_same_facts(runs, two):
    facts = json.loads(runs("compare", "latest~1", "latest", "--json"))

    assert facts["parameters"] == [{"group": "", "name": "rows", "values": [500, 900]}]
    assert facts["tasks"][1]["states"] == ["succeeded", "succeeded"]


def test_a_comparison_needs_two_runs(refused, two):
    assert "Name at least two runs." in refused("compare", "latest")


def test_runs_of_different_pipelines_are_refused(refused, project, two):
    write_run(project, make_record("20261103-080000-000-seed", pipeline="seed"))

    assert "cannot be compared" in refused("compare", "latest", "latest~1")
