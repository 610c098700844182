# ruff: noqa: PLC0415, FBT001, FBT002 - a component imports in its body; a pipeline's parameters are positional

from pathlib import Path

import pytest
from kfp import dsl
from local.running import run_in
from local.steps import component, fail, measure, say
from rich.console import Console

from kfpkit.cli.terminal import report
from kfpkit.project.project import find_project


@pytest.fixture
def run(project):
    return run_in(project({}))


@component
def draw(page: dsl.Output[dsl.HTML], model: dsl.Output[dsl.Model]):
    from pathlib import Path

    Path(page.path).write_text("<p>hello</p>")
    model.uri = "gs://bucket/model"


@dsl.pipeline(name="telling")
def telling(broken: bool = False) -> str:
    measure()
    draw()
    with dsl.If(broken == True):  # noqa: E712 - builds a condition
        fail(message="no such thing")
    return say(text="done").output


def test_metrics_come_as_a_table(run):
    console = Console(width=60)
    with console.capture() as captured:
        console.print(report.make_metrics_table(run(telling)))
    assert [word for word in captured.get().split() if word.isalnum() or "." in word] == [
        *["Metrics", "task", "environment", "metric", "value"],
        *["measure", "here", "accuracy", "0.25"],
    ]


def test_without_metrics_there_is_no_table(run):
    @dsl.pipeline(name="quiet")
    def quiet():
        say(text="a")

    assert report.make_metrics_table(run(quiet)) is None


def test_products_are_named_with_where_they_are(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path / "project")
    result = run(telling)
    where = result.folder.path.relative_to(tmp_path / "project")
    assert sorted(report.list_products(result)) == [
        ("Output", "done"),
        ("draw.model", "gs://bucket/model"),
        ("draw.page", f"{where}/pages/draw-page.html"),
    ]


def test_the_report_of_a_failed_task_is_printed_with_its_failure(run, monkeypatch, tmp_path):
    @component
    def complain(report: dsl.Output[dsl.HTML]):
        from pathlib import Path

        Path(report.path).write_text("<p>bad rows</p>")
        raise ValueError("two rows are bad")

    @dsl.pipeline(name="complaining")
    def complaining():
        complain()

    monkeypatch.chdir(tmp_path / "project")
    result = run(complaining)
    where = result.folder.path.relative_to(tmp_path / "project")
    [text] = report.describe_failures(result, find_project(Path.cwd()))
    assert text.splitlines()[-3:-1] == [
        "ValueError: two rows are bad",
        f"complain.report: {where}/pages/complain-report.html",
    ]


def test_a_failure_tells_its_traceback_its_environment_and_its_log(run):
    result = run(telling, {"broken": "true"})
    [text] = report.describe_failures(result, find_project(result.folder.path))
    assert "raise ValueError(message)\n" in text
    assert "ValueError: no such thing\nTask `fail` (environment `here`) failed: it" in text
    assert text.endswith(f"Full log: {result.folder.log('fail')}")


def test_a_failure_keeps_its_dots_and_ends_in_one(run):
    @dsl.pipeline(name="choosing")
    def choosing(rows: list):
        with dsl.ParallelFor(rows) as row:
            say(text=row.word)

    result = run(choosing, {"rows": '[{"limit": "../limit"}]'})
    [text] = report.describe_failures(result, find_project(Path.cwd()))
    assert '{"limit":"../limit"}' in text
    assert text.endswith("declaration of its component.")


def test_the_last_line_counts(run):
    result = run(telling, {"broken": "true"})
    line = report.describe_end(result)
    assert line.startswith("telling failed in ")
    assert "3 succeeded, 1 failed. See" in line
