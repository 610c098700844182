"""The tasks of a run in few rows."""

from __future__ import annotations

import time

from kfpkit.cli.terminal.task_rows import describe_tally, fold_rows
from kfpkit.local.record import Journal
from kfpkit.runs.record import CacheUse, State


def test_a_tally_names_what_needs_attention():
    journal = Journal()
    states = [State.SUCCEEDED, State.CACHED, State.SKIPPED, State.FAILED, State.RUNNING]
    for number, state in enumerate([*states, State.WAITING]):
        journal.expect(f"task-{number}", "sklearn")
        journal.note(f"task-{number}", state)

    assert describe_tally(journal.records()) == (
        "4 of 6 done, 1 failed, 1 running, 1 cached, 1 skipped"
    )


def test_what_a_retry_reuses_is_counted_apart_from_the_cache():
    journal = Journal()
    for number, retry in enumerate([True, None, True]):
        journal.expect(f"task-{number}", "sklearn")
        journal.add(f"task-{number}", cache=CacheUse(hit=True, retry=retry))
        journal.note(f"task-{number}", State.CACHED)

    rows = fold_rows(journal.records(), time.time())

    assert describe_tally(journal.records()) == "3 of 3 done, 2 reused, 1 cached"
    assert [(row.label, row.text) for row in rows] == [("2 tasks", "reused"), ("1 task", "cached")]


def test_loops_and_tasks_that_need_no_attention_take_a_row_each():
    journal = Journal()
    for name, state in {
        "load": State.CACHED,
        "check": State.CACHED,
        "each/0/train": State.SUCCEEDED,
        "each/0/inner/1/score": State.SUCCEEDED,
        "each/1/train": State.RUNNING,
        "each/2/train": State.FAILED,
        "each": State.WAITING,
        "report": State.SKIPPED,
        "publish": State.WAITING,
    }.items():
        journal.expect(name, "sklearn")
        journal.note(name, state)
    journal.forget("each")

    rows = fold_rows(journal.records(), time.time())

    assert [(row.label, row.text) for row in rows] == [
        ("each", "2 of 3 items done, 1 failed, 1 running"),
        ("publish", "waiting"),
        ("2 tasks", "cached"),
        ("1 task", "skipped"),
    ]
    assert rows[0].state is State.FAILED
