"""`kfpkit runs` over runs of a target: Vertex AI's emulator, which really runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.emulators import stop_emulator
from kfpkit.project import find_project

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[3]
SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.laptop]
kind = "emulator"
labels = {team = "churn"}
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def count(rows: int, seconds: float, metrics: dsl.Output[dsl.Metrics]) -> int:
    import time

    metrics.log_metric("rows", rows)
    print("counting", rows, flush=True)
    time.sleep(seconds)
    if rows > 10:
        raise ValueError("too many rows")
    return rows + 1

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(rows: int):
    print(rows)

@dsl.pipeline(name="counting")
def counting(rows: int, seconds: float = 0.0) -> int:
    counted = count(rows=rows, seconds=seconds)
    with dsl.ParallelFor([1, 2]) as item:
        show(rows=item).after(counted)
    return counted.outputs["Output"]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a project with the environment of the emulators."""
    folder = tmp_path_factory.mktemp("laptop")
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "counting.py").write_text(PIPELINE)
    shutil.copytree(REPOSITORY / "environments/emulators", folder / "environments/emulators")
    shutil.copy(REPOSITORY / "environments/kfp-runtime.txt", folder / "environments")
    yield folder
    stop_emulator("vertex", project=find_project(folder))


@pytest.fixture(scope="module")
def invoke(root):
    def call(*arguments, code=0):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(root)
            done = CliRunner().invoke(app, arguments)
        shown = f"{done.output}{done.exception or ''}"
        assert done.exit_code == code, shown
        return shown if code else done.stdout

    return call


@pytest.fixture(scope="module")
def submitted(invoke):
    """Run the pipeline on the target, once with a success and once with a failure."""
    for run, rows, code in (("good", 3, 0), ("many", 11, 1)):
        wanted = ("--id", run, "--param", f"rows={rows}", "--wait", "--timeout", "3m")
        invoke("submit", "counting.py", "--target", "laptop", *wanted, code=code)
    return invoke


def names(invoke, *options):
    listed = json.loads(invoke("runs", "list", "--target", "laptop", "--json", *options))
    return [each["name"] for each in listed]


def test_runs_of_a_target_are_listed_by_the_names_that_other_verbs_take(submitted):
    heading, newest, oldest = submitted("runs", "list", "--target", "laptop").splitlines()[:3]

    assert heading.split() == ["Run", "State", "Pipeline", "Duration"]
    assert newest.split()[:3] == ["laptop:many", "failed", "counting"]
    assert oldest.split()[:3] == ["laptop:good", "succeeded", "counting"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--limit", "1"), ["laptop:many"]),
        (("--state", "succeeded"), ["laptop:good"]),
        (("--pipeline", "other"), []),
        (("--pipeline", "counting", "--state", "failed"), ["laptop:many"]),
        (("--label", "team=churn", "--limit", "0"), ["laptop:many", "laptop:good"]),
        (("--label", "kfpkit-target=laptop", "--state", "failed"), ["laptop:many"]),
        (("--label", "team=sales"), []),
        (("--since", "1h"), ["laptop:many", "laptop:good"]),
        (("--until", "2026-01-01"), []),
        (("--since", "2999-01-01T00:00"), []),
    ],
)
def test_the_target_filters_runs(submitted, options, expected):
    assert names(submitted, *options) == expected


def test_a_run_is_shown_and_kept_as_one_of_this_machine(submitted, root):
    shown = submitted("runs", "show", "laptop:many")

    folder = root / ".kfpkit/targets/laptop/runs/many"
    facts = [line.split(maxsplit=1) for line in shown.splitlines()]
    assert ["State", "failed"] in facts
    assert ["Target", "laptop (local-project europe-west4)"] in facts
    assert ["Folder", ".kfpkit/targets/laptop/runs/many"] in facts
    assert "Task `count` failed:" in shown
    page = (folder / "page.html").read_text()
    assert "too many rows" in page
    assert "too many rows" in (folder / "tasks/count/log.txt").read_text()
    # It is read without the target.
    assert json.loads(submitted("runs", "show", str(folder), "--json"))["id"] == "many"


def test_the_record_has_values_loops_and_origins(submitted):
    record = json.loads(submitted("runs", "show", "laptop:good", "--json"))

    assert record["outputs"]["Output"]["value"] == 4
    assert record["parameters"]["rows"]["value"] == 3
    assert sorted(task["name"] for task in record["tasks"]) == [
        "count",
        "for-loop-2/0/show",
        "for-loop-2/1/show",
    ]
    metrics = record["tasks"][0]["outputs"]["metrics"]["artifact"]
    assert (metrics["type"], metrics["metadata"]["rows"]) == ("system.Metrics", 3)


def test_a_task_is_shown(submitted):
    shown = submitted("runs", "show", "laptop:good", "count")
    assert "rows (input)" in shown
    assert "Output (output)" in shown


def test_a_log_is_that_of_the_target(submitted):
    assert "\ncounting 3\n" in submitted("runs", "logs", "laptop:good", "count")


def test_a_log_is_followed_until_its_task_ends(submitted):
    wanted = ("--id", "slow", "--param", "rows=5", "--param", "seconds=3")
    submitted("submit", "counting.py", "--target", "laptop", *wanted)
    while not json.loads(submitted("runs", "show", "laptop:slow", "--json"))["tasks"]:
        pass
    log = submitted("runs", "logs", "laptop:slow", "count", "--follow")
    assert log.count("\ncounting 5\n") == 1
    shown = json.loads(submitted("runs", "show", "laptop:slow", "--json"))
    assert shown["tasks"][0]["state"] == "succeeded"


def test_a_local_run_is_compared_with_one_of_a_target(submitted, root):
    submitted("run", "counting.py", "--param", "rows=2")

    compared = json.loads(submitted("runs", "compare", "latest", "laptop:good", "--json"))

    [changed] = compared["parameters"]
    assert (changed["name"], changed["values"]) == ("rows", [2, 3])
    assert [each["values"] for each in compared["metrics"]] == [[2, 3]]
    assert (compared["packages"], compared["sources"]) == ([], [[]])
    page = submitted("runs", "compare", "laptop:many", "laptop:good", "--page").strip()
    assert page == ".kfpkit/targets/laptop/runs/good/comparison.html"
    assert (root / page).is_file()


def test_a_run_is_cancelled_and_one_that_has_ended_is_not(submitted):
    wanted = ("--id", "endless", "--param", "rows=5", "--param", "seconds=600")
    submitted("submit", "counting.py", "--target", "laptop", *wanted)

    assert "laptop:endless: cancel" in submitted("runs", "cancel", "laptop:endl")
    while names(submitted, "--state", "stopped") != ["laptop:endless"]:
        pass
    assert "it has ended already: stopped." in submitted("runs", "cancel", "laptop:endless", code=1)
    assert "it is on this machine" in submitted("runs", "cancel", "latest", code=1)


def test_short_names_are_those_of_local_runs(submitted):
    assert json.loads(submitted("runs", "show", "laptop:goo", "--json"))["id"] == "good"
    latest = names(submitted, "--limit", "2")
    shown = json.loads(submitted("runs", "show", "laptop:latest~1", "--json"))
    assert f"laptop:{shown['id']}" == latest[1]
    missing = submitted("runs", "show", "laptop:nothing", code=1)
    assert "The target `laptop` has no run `nothing`." in missing
    assert "has no target `lap`" in submitted("runs", "show", "lap:good", code=1)


def test_why_a_run_of_vertex_ai_is_not_retried_is_told(submitted):
    refused = submitted("runs", "retry", "laptop:many", code=1)
    assert "only a preview of Vertex AI's API retries from the failed task" in refused
