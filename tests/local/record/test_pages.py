# ruff: noqa: PLC0415, FBT001, FBT002 - a component imports in its body; a pipeline's parameters are positional

import json
import shutil

import pytest
from kfp import dsl
from local.running import Lines
from local.steps import component

from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.pages import write_pages
from kfpkit.local.record.run_folder import RunFolder

HTML = "<!doctype html><title>Rows</title><p id=rows>12 rows</p>"


@component
def draw(content: str, page: dsl.Output[dsl.HTML], fails: bool = False):
    from pathlib import Path

    Path(page.path).write_text(content)
    if fails:
        raise ValueError("bad rows")


@component
def note(notes: dsl.Output[dsl.Markdown]):
    from pathlib import Path

    Path(notes.path).write_text("# Notes")


@component
def write_nothing(page: dsl.Output[dsl.HTML], fails: bool = False):
    if fails:
        raise ValueError("nothing to show")


@component
def draw_later(tries: str, page: dsl.Output[dsl.HTML]):
    import pathlib

    tried = pathlib.Path(tries)
    if not tried.exists():
        tried.touch()
        pathlib.Path(page.path).write_text("the first attempt")
    raise ValueError("again")


@dsl.pipeline(name="drawing")
def drawing(fails: bool = False, content: str = HTML):
    draw(content=content, fails=fails)
    note()
    write_nothing(fails=fails)


def pages_of(result):
    return {path.name: path for path in result.folder.pages.iterdir()}


@pytest.mark.parametrize("fails", [False, True])
def test_a_browser_shows_a_report_as_a_page(run, open_page, fails):
    page = pages_of(run(drawing, {"fails": str(fails).lower()}))["draw-page.html"]

    shown = open_page(page.as_uri())

    assert (shown.title, shown.is_source, shown.console) == ("Rows", False, [])
    assert '<p id="rows">12 rows</p>' in shown.content


def test_a_browser_shows_markdown_as_text(run, open_page):
    shown = open_page(pages_of(run(drawing))["note-notes.md"].as_uri())
    assert shown.is_source
    assert "# Notes" in shown.content


@pytest.mark.parametrize("fails", [False, True])
def test_pages_are_files_of_their_own_and_recorded(run, fails):
    result = run(drawing, {"fails": str(fails).lower()})

    pages = pages_of(result)

    assert sorted(pages) == ["draw-page.html", "note-notes.md"]
    assert not any(path.is_symlink() for path in pages.values())
    tasks = {task["name"]: task for task in json.loads(result.folder.summary.read_text())["tasks"]}
    assert tasks["draw"]["state"] == ("failed" if fails else "succeeded")
    assert tasks["draw"]["pages"] == {"page": "pages/draw-page.html"}
    assert tasks["note"]["pages"] == {"notes": "pages/note-notes.md"}
    assert tasks["write-nothing"]["pages"] == {}


def test_a_cached_report_is_a_page_of_the_later_run_even_without_the_earlier(run):
    first, second = run(drawing), run(drawing)
    assert {task.state.value for task in second.tasks} == {"cached"}
    shutil.rmtree(first.folder.path)
    assert pages_of(second)["draw-page.html"].read_text() == HTML


def test_a_report_of_an_earlier_attempt_is_no_page(run, tmp_path):
    @dsl.pipeline(name="retrying")
    def retrying(tries: str):
        draw_later(tries=tries).set_retry(1, backoff_duration="0s")

    assert not run(retrying, {"tries": str(tmp_path / "tries")}).folder.pages.exists()


def test_pages_whose_names_read_the_same_stand_side_by_side(tmp_path):
    (tmp_path / "report").write_text("a report")
    report = dsl.HTML(uri=str(tmp_path / "report"))
    tasks = [
        TaskRecord(name="loop/0/draw", environment="", outputs={"page": report}),
        TaskRecord(name="loop-0", environment="", outputs={"draw-page": report}),
    ]
    pages = write_pages(RunFolder(path=tmp_path), tasks)
    assert pages["loop/0/draw"]["page"].name == "loop-0-draw-page.html"
    assert pages["loop-0"]["draw-page"].name == "loop-0-draw-page-2.html"


def test_a_run_whose_pages_cannot_be_written_is_recorded(run, tmp_path):
    @component
    def bar(page: dsl.Output[dsl.HTML]):
        from pathlib import Path

        place = Path(page.path)
        place.write_text("a page")
        (place.parents[2] / "pages").write_text("in the way")

    @dsl.pipeline(name="barring")
    def barring():
        bar()

    lines = Lines()
    result = run(barring, progress=lines)

    assert (result.state, result.pages) == ("succeeded", {})
    assert lines.lines[-1].startswith("The reports of the run can't be written to ")
    recorded = json.loads((tmp_path / "project/.kfpkit/runs/latest/run.json").read_text())
    assert recorded["state"] == "succeeded"
