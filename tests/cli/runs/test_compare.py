from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from kfpkit.runs.record import Artifact, Output, Parameter
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


def test_the_page_is_written_beside_the_last_run(runs, two, project):
    printed = runs("compare", "latest~1", "latest", "--page")

    page = project / ".kfpkit/runs/20261102-080000-000-training/comparison.html"
    assert printed.strip() == str(page.relative_to(project))
    assert "20261101-080000-000-training" in page.read_text()


def test_the_page_can_be_written_elsewhere(runs, two, project):
    assert runs("compare", "latest~1", "latest", "--output", "two.html") == "two.html\n"
    assert (project / "two.html").is_file()


def test_the_page_can_be_opened(runs, two, project, monkeypatch):
    browser = project / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/opened"\n')
    browser.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "kfpkit", "runs", "compare", "latest~1", "latest", "--open"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "BROWSER": f"{browser} %s"},
    )

    assert done.stdout.endswith("-training/comparison.html\n")
    opened = (project / "opened").read_text().strip()
    assert opened == (project / done.stdout.strip()).as_uri()


def test_a_page_that_cannot_be_written_is_an_error(refused, two, project):
    (project / "none").write_text("a file\n")

    assert "Name another file with `--output`" in refused(
        "compare", "latest~1", "latest", "--output", "none/two.html"
    )


def test_different_pipelines_have_no_page(refused, project, two):
    write_run(project, make_record("20261103-080000-000-seed", pipeline="seed"))

    assert "cannot be compared" in refused("compare", "latest", "latest~1", "--page")
    assert not list(project.rglob("comparison.html"))


def test_a_confusion_matrix_has_one_line(runs, project):
    for number, right in enumerate((79, 78)):
        rows = [{"row": [right, 1]}, {"row": [6, 49]}]
        metadata = {"confusionMatrix": {"rows": rows}, "confidenceMetrics": [{"recall": 0.5}] * 400}
        curves = Output(artifact=Artifact(type="system.ClassificationMetrics", metadata=metadata))
        task = make_task("evaluate", outputs={"curves": curves})
        write_run(project, make_record(f"2026110{number}-080000-000-training", tasks=(task,)))

    lines = runs("compare", "latest~1", "latest").splitlines()

    assert " evaluate.curves  79 1 / 6 49  78 1 / 6 49" in [line.rstrip() for line in lines]
    assert not any("recall" in line for line in lines)


def test_a_page_is_not_json(refused, two):
    assert "Leave out --json" in refused("compare", "latest~1", "latest", "--page", "--json")
