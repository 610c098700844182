"""The page of a run of a target, made of what Vertex AI's emulator tells, in a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import requests
from opened import FEWEST_COLORS, check_silence, open_in
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.emulators import emulators, stop_emulator
from kfpkit.project import find_project

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[3]
SETTINGS = """
[tool.kfpkit]

[tool.kfpkit.targets.laptop]
kind = "emulator"
pipeline-root = "gs://churn/pipelines"
"""
PIPELINE = """
from kfp import dsl

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def load(rows: int, table: dsl.Output[dsl.Dataset]):
    open(table.path, "w").write("x" * rows)

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def measure(
    table: dsl.Input[dsl.Dataset], number: int, metrics: dsl.Output[dsl.Metrics],
    report: dsl.Output[dsl.HTML], notes: dsl.Output[dsl.Markdown], lost: dsl.Output[dsl.HTML],
):
    metrics.log_metric("accuracy", 0.875)
    open(report.path, "w").write("<p id='told'>measured</p><script>told.append(' twice')</script>")
    notes.uri = "gs://churn/notes/first notes"
    lost.uri = "gs://elsewhere/lost"

@dsl.component(base_image="python:3.11", install_kfp_package=False)
def judge(metrics: dsl.Input[dsl.Metrics], limit: float):
    print("the limit is", limit, flush=True)
    if metrics.metadata["accuracy"] < limit:
        raise ValueError("too far from the truth")

@dsl.pipeline(name="judged")
def judged(number: int, limit: float = 0.9):
    loaded = load(rows=3)
    measured = measure(table=loaded.outputs["table"], number=number)
    judge(metrics=measured.outputs["metrics"], limit=limit)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a project with the environment of the emulators."""
    folder = tmp_path_factory.mktemp("judged")
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "judged.py").write_text(PIPELINE)
    shutil.copytree(REPOSITORY / "environments/emulators", folder / "environments/emulators")
    shutil.copy(REPOSITORY / "environments/kfp-runtime.txt", folder / "environments")
    yield folder
    stop_emulator("vertex", project=find_project(folder))


def invoke(root, *arguments, code=0):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code, f"{done.output}{done.exception or ''}"
    return done


def store_notes(root):
    """Store the notes in the emulated bucket, as a task with Google's client does."""
    project = find_project(root)
    with emulators(["storage"], project=project, log_folder=root / "logs") as variables:
        place = f"{variables['STORAGE_EMULATOR_HOST']}/upload/storage/v1/b/churn/o"
        query = {"uploadType": "media", "name": "notes/first notes"}
        answer = requests.post(place, params=query, data=b"# noted\nby hand", timeout=20)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def shown(root):
    """Show the second of two runs, which takes a task from the first one."""
    for number in ("1", "2"):
        wanted = ("--id", f"run-{number}", "--param", f"number={number}", "--wait")
        invoke(root, "submit", "judged.py", "--target", "laptop", *wanted, code=1)
        store_notes(root)
    return invoke(root, "runs", "show", "laptop:latest")


@pytest.fixture
def show(chromium, shown, root):
    """Return a function that opens the page; at the end, it may have said or asked nothing."""
    opened = []
    page = root / ".kfpkit/targets/laptop/runs/run-2/page.html"

    def show(fragment="", **window):
        opened.append(open_in(chromium, page.as_uri() + fragment, **window))
        return opened[-1]

    yield show
    check_silence(opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_head_tells_the_run_and_its_target(show, tmp_path, scheme):
    page = show(scheme=scheme)
    assert page.photograph(tmp_path / "page.png") >= FEWEST_COLORS
    head = page.locator(".top").inner_text()
    for told in ("✕ failed", "judged", "laptop", "1 failed", "1 cached", "1 succeeded"):
        assert told in head
    assert page.locator(".node").count() == 3


def test_the_failed_task_shows_its_failure_and_the_end_of_its_log(show):
    page = show()
    assert "judge" in page.locator(".banner").inner_text()
    panel = page.panel()
    for told in ("too far from the truth", "the limit is 0.9"):
        assert told in panel


def test_the_cached_task_is_marked(show):
    page = show("#task=load")
    assert "cached" in page.panel()
    assert page.locator(".row i.hit").count() == 1


def test_a_report_of_a_task_is_shown_with_its_metrics(show):
    page = show("#task=measure")
    panel = page.panel()
    for told in ("accuracy", "0.875", "▤ report", "▤ notes", "# noted"):
        assert told in panel
    frame = page.frame_locator("iframe[title='Report report']")
    assert frame.locator("#told").inner_text() == "measured twice"


def test_a_report_that_was_not_read_is_told_in_the_page_and_by_the_command(show, shown):
    cause = "it is not in the target's bucket, `churn`"
    panel = show("#task=measure").panel()
    assert f"▤ lost Not fetched: {cause}." in " ".join(panel.split())
    told = f"`lost` of the task `measure`, gs://elsewhere/lost: {cause}."
    assert told in " ".join(shown.stderr.split())


def test_the_page_has_no_serious_fault_of_accessibility(show):
    assert show("#task=measure").find_faults() == []
