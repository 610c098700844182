"""The page of a run: its size, and how fast Chromium shows it.

The runs are synthetic: 12 tasks with reports and metrics, and 340 tasks in nested loops. Each
page is opened several times, and what counts is the median.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import run_records
from benchmarks.figures import Figure
from kfpkit.runs.pages import write_page
from kfpkit.runs.pages.assets import read_scripts, read_style, read_template
from kfpkit.runs.record import RunRecord, RunState

ROUNDS = 7
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
EXPANDED = """async () => {
  const buttons = [...document.querySelectorAll(".graph .tools button")];
  const expand = buttons.find((button) => button.textContent === "Expand loops");
  const started = performance.now();
  expand.click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - started;
}"""


def measure() -> list[Figure]:
    """Write pages, weigh them, and open the largest."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        small, large, fixed = root / "small", root / "large", root / "fixed"
        for folder in (small, large, fixed):
            folder.mkdir()
        empty = _weigh_fixed(fixed)
        training = run_records.make_training(small)
        nested = run_records.make_forecast(large, regions=33)
        opened = write_page(nested, large)
        return [
            Figure(name="the page without its data", value=empty / 1000, unit="kB", bar=130),
            _weigh_comparison(),
            _weigh(training, write_page(training, small), empty),
            _weigh(nested, opened, empty),
            _time_writing(large),
            *_time_opening(opened.as_uri()),
        ]


def _weigh_fixed(folder: Path) -> int:
    """Return the size of what is the same in all pages."""
    record = RunRecord(id="empty", pipeline="empty", state=RunState.FAILED)
    page = write_page(record, folder).read_bytes()
    return len(page) - len(page.partition(b'id="record">')[2].partition(b"</script>")[0])


def _weigh_comparison() -> Figure:
    """Return the size of what is the same in all comparisons."""
    parts = (read_template(), read_style("comparison"), read_scripts("comparison"))
    value = len("".join(parts).encode()) / 1000
    return Figure(name="the page of a comparison without its data", value=value, unit="kB", bar=130)


def _weigh(record: RunRecord, page: Path, empty: int) -> Figure:
    """Return what a task adds to a page, without its log and reports."""
    text = page.read_text(encoding="utf-8")
    added = text.partition('id="additions">')[2].partition("</script>")[0]
    kept = len(added.encode()) - len(json.dumps({"commands": [], "logs": {}, "reports": {}}))
    tasks = len(record.tasks)
    value = (page.stat().st_size - empty - kept) / tasks / 1000
    return Figure(
        name="a task without log and reports", value=value, unit="kB", bar=4, of=f"{tasks} tasks"
    )


def _time_writing(folder: Path) -> Figure:
    record = run_records.make_forecast(folder)
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        write_page(record, folder)
        seconds.append(time.perf_counter() - started)
    value = 1000 * statistics.median(seconds)
    return Figure(name="writing the page of 120 tasks", value=value, unit="ms", bar=100)


def _time_opening(address: str) -> Iterator[Figure]:
    loaded, expanded = [], []
    with browse() as browser:
        for _ in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            loaded.append(page.evaluate(LOADED))
            expanded.append(page.evaluate(EXPANDED))
            page.close()
    for name, values, bar in (("load event", loaded, 500), ("expanding all loops", expanded, 300)):
        yield Figure(name=name, value=statistics.median(values), unit="ms", bar=bar, of="340 tasks")


@contextmanager
def browse() -> Iterator[Any]:
    """Return Playwright's handle of a running Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other figures need no browser

    program = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
