from __future__ import annotations

import fcntl
import json

import pytest

from tests.runs.records import make_record, write_run


@pytest.fixture
def folders(project):
    names = [f"2026010{day}-080000-000-training" for day in (1, 2, 3)]
    return [write_run(project, make_record(name)) for name in names]


def test_nothing_is_removed_unless_asked_for(runs, folders):
    assert runs("prune", "--keep", "1").endswith("2 of 2 old runs would be removed, 0 MB\n")
    assert all(folder.is_dir() for folder in folders)


def test_old_runs_are_removed(runs, folders):
    assert runs("prune", "--keep", "1", "--delete").endswith("2 of 2 old runs removed, 0 MB\n")
    assert [folder.is_dir() for folder in folders] == [False, False, True]


def test_the_default_keeps_twenty_runs(runs, folders):
    assert runs("prune", "--delete") == "0 of 0 old runs removed, 0 MB\n"


def test_programs_are_told_what_went_and_what_stayed(runs, folders):
    with (folders[0] / "running.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        facts = json.loads(runs("prune", "--keep", "1", "--delete", "--json"))

    assert [(fact["run"][:8], fact["removed"], fact["kept_by"]) for fact in facts] == [
        ("20260102", True, None),
        ("20260101", False, "it is running"),
    ]


def test_an_age_that_is_none_is_refused(refused, folders):
    assert "`old` is not a positive duration" in refused("prune", "--older-than", "old")
