from __future__ import annotations

import contextlib
import io
import re
import time
from dataclasses import replace

import pytest
from rich.console import Console

from kfpkit.cli.terminal.live_progress import LiveProgress, make_task_table
from kfpkit.cli.terminal.progress import LineProgress
from kfpkit.cli.terminal.task_rows import list_rows
from kfpkit.local.record.journal import Journal, State


@pytest.fixture
def journal():
    journal = Journal()
    for number in range(30):
        journal.expect(f"task-{number}", "sklearn")
    return journal


def text_of(**options):
    return Console(file=io.StringIO(), width=80, **options)


def test_lines_come_one_for_each_change(journal, capsys):
    with LineProgress().watch(journal):
        journal.note("task-1", State.PREPARING)
        journal.note("task-1", State.RUNNING)
        journal.note("task-1", State.SUCCEEDED)
        journal.note("task-2", State.CACHED)
    journal.note("task-3", State.CACHED)  # nobody watches any more
    lines = [line.split(" ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "task-1 [sklearn]: preparing environment",
        "task-1 [sklearn]: running",
        "task-1 [sklearn]: succeeded in 0.0 s",
        "task-2 [sklearn]: cached",
    ]


def test_names_for_display_stand_beside_names(capsys):
    journal = Journal()
    journal.expect("for-loop-1/0/train", "sklearn", "Train the model")
    console = text_of()
    with LineProgress().watch(journal):
        journal.note("for-loop-1/0/train", State.CACHED)
    console.print(make_task_table(list_rows(journal.records(), 0.0)))
    (line,) = capsys.readouterr().out.splitlines()
    _, row = console.file.getvalue().splitlines()
    assert line.endswith("for-loop-1/0/train (Train the model) [sklearn]: cached")
    assert row.startswith("for-loop-1/0/train (Train the model) ")


def test_a_table_has_a_row_a_task_with_its_environment_state_and_time(journal):
    journal.note("task-0", State.RUNNING)
    record = journal.records()[0]
    console = text_of()
    console.print(make_task_table(list_rows([record], record.started + 2.5)))
    assert console.file.getvalue().splitlines()[1].split() == [
        "task-0",
        "sklearn",
        "running",
        "2.5",
        "s",
    ]


def test_times_end_in_one_column(journal):
    journal.note("task-0", State.RUNNING)
    journal.note("task-1", State.RUNNING)
    quick, slow, *_ = journal.records()
    console = text_of()
    records = [quick, replace(slow, started=quick.started - 10)]
    console.print(make_task_table(list_rows(records, quick.started)))
    _, first, second = console.file.getvalue().splitlines()
    assert first.index("0.0 s") == second.index("10.0 s") + 1


def test_what_is_under_way_stays_on_a_small_terminal(journal):
    console = text_of(height=14, force_terminal=True)
    for number in range(25):
        journal.note(f"task-{number}", State.SUCCEEDED)
    journal.note("task-3", State.FAILED)
    journal.note("task-27", State.RUNNING)
    with LiveProgress(console).watch(journal):
        time.sleep(0.5)  # two of its frames
        first = console.file.getvalue()
    assert "task-27" in first
    assert "task-3 " in first
    assert "task-1 " not in first


def interrupt():
    raise KeyboardInterrupt


def read_screen(written: str) -> list[str]:
    """Return the lines that a tall terminal shows in the end."""
    lines, row = [""], 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\n|[^\x1b\n]+", written):
        if part == "\x1b[1A":
            row -= 1
        elif part == "\x1b[2K":
            lines[row] = ""
        elif part == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif not part.startswith("\x1b"):
            lines[row] += part.replace("\r", "")
    return lines


def test_the_table_of_all_tasks_takes_the_place_of_the_live_one(journal):
    console = text_of(height=14, force_terminal=True)
    with LiveProgress(console).watch(journal):
        pass
    names = [line.split()[0] for line in read_screen(console.file.getvalue()) if line.strip()]
    assert names == ["task", *(f"task-{number}" for number in range(30))]


@pytest.mark.parametrize("end", [int, interrupt])
def test_at_the_end_all_tasks_are_shown(journal, end):
    console = text_of(height=14, force_terminal=True)
    with contextlib.suppress(KeyboardInterrupt), LiveProgress(console).watch(journal):
        end()
    assert all(f"task-{number} " in console.file.getvalue() for number in range(30))


def test_a_failure_is_told_at_once(journal, capsys):
    console = text_of(height=14, force_terminal=True)
    with LineProgress().watch(journal), LiveProgress(console).watch(journal):
        journal.note("task-3", State.RUNNING)
        journal.note("task-3", State.FAILED, failure="it exited with code 1")
        live = console.file.getvalue()
    assert "Task `task-3` failed: it exited with code 1." in live
    assert capsys.readouterr().out.endswith(
        "task-3 [sklearn]: failed in 0.0 s: it exited with code 1\n"
    )


def test_a_terminal_says_how_far_the_run_has_come(journal):
    console = text_of(height=14, force_terminal=True)
    for number in range(14):
        journal.note(f"task-{number}", State.SUCCEEDED)
    with LiveProgress(console).watch(journal):
        time.sleep(0.5)
        assert "0 s, 14 of 30 done" in console.file.getvalue()
