"""A pytest plugin: tells coverage.py which test runs, and notes how long it took and its end.

`KFPKIT_MUTANTS_NOTES` names the file for the notes, one line of JSON for each test.
`KFPKIT_MUTANTS_MEMORY` bounds the address space of pytest and of all that it starts, in bytes.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Generator

import coverage
import pytest

NOTES = "KFPKIT_MUTANTS_NOTES"
MEMORY = "KFPKIT_MUTANTS_MEMORY"
_passed = pytest.StashKey[bool]()


def pytest_configure() -> None:
    """Keep a fault that collects without end from filling the machine."""
    bound = int(os.environ.get(MEMORY, "0"))
    if bound:
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count what runs from here on to the test; its fixtures belong to it."""
    _switch(item.nodeid)
    item.stash[_passed] = True
    started = time.monotonic()
    try:
        return (yield)
    finally:
        _switch("")
        note = {
            "test": item.nodeid,
            "seconds": round(time.monotonic() - started, 3),
            "passed": item.stash[_passed],
        }
        with open(os.environ[NOTES], "a", encoding="utf-8") as notes:  # noqa: PTH123 - one write
            notes.write(json.dumps(note) + "\n")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a phase of the test that did not pass."""
    report = yield
    item.stash[_passed] = item.stash[_passed] and report.passed
    return report


def _switch(context: str) -> None:
    measured = coverage.Coverage.current()
    if measured is not None:
        measured.switch_context(context)
