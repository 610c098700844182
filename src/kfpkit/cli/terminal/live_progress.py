"""How `kfpkit run` shows a run's progress on a terminal: a live table."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from kfpkit.cli.terminal.task_rows import TaskRow, describe_tally, fold_rows, list_rows
from kfpkit.local.record import Journal, RunFolder, TaskRecord
from kfpkit.runs.record import State

_STYLES = {
    State.PREPARING: "yellow",
    State.RUNNING: "bold blue",
    State.CACHED: "green",
    State.SUCCEEDED: "green",
    State.FAILED: "bold red",
    State.STOPPED: "red",
}
_ROOM = 5  # lines of a terminal for headings, the tally, and output above the table


class LiveProgress:
    """Shows a live table of the tasks.

    Args:
        console: A terminal.
    """

    is_read = True

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, folder: RunFolder) -> None:
        """Show nothing; `say` names the run.

        Args:
            folder: Ignored.
        """

    def say(self, line: str) -> None:
        """Show a line above the table.

        Args:
            line: The line.
        """
        self._console.print(line, soft_wrap=True, markup=False, highlight=False)

    @contextlib.contextmanager
    def watch(self, journal: Journal) -> Iterator[None]:
        """Show how far the run has come until the context ends, then all tasks.

        Args:
            journal: Where the tasks are noted.

        Yields:
            Nothing.
        """
        started = time.time()
        height = self._console.height - _ROOM

        def describe_run() -> Group:
            now, records = time.time(), journal.records()
            rows = choose_fitting(fold_rows(records, now), height)
            tally = f"{now - started:.0f} s, {describe_tally(records)}"
            return Group(make_task_table(rows), Text(tally))

        live = Live(
            console=self._console, get_renderable=describe_run, refresh_per_second=5, transient=True
        )
        try:
            with live, journal.listening(self._report_failure):
                yield
        finally:
            self._console.print(make_task_table(list_rows(journal.records(), time.time())))

    def _report_failure(self, record: TaskRecord) -> None:
        if record.state is State.FAILED and record.failure:
            self.say(f"Task `{record.label}` failed: {record.failure}.")


def make_task_table(rows: Iterable[TaskRow]) -> Table:
    """Return a table.

    Args:
        rows: What it shows.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("task", overflow="fold")
    table.add_column("environment", style="cyan")
    table.add_column("state")
    table.add_column("time", justify="right")
    for row in rows:
        table.add_row(
            row.label,
            row.environment,
            Text(row.text, style=_STYLES.get(row.state, "dim")),
            "" if row.seconds is None else f"{row.seconds:.1f} s",
        )
    return table


def choose_fitting(rows: Sequence[TaskRow], height: int) -> Sequence[TaskRow]:
    """Drop rows if not all fit: finished ones first, from the oldest, then others.

    Args:
        rows: All rows.
        height: How many fit.
    """
    excess = len(rows) - max(height, 1)
    if excess <= 0:
        return rows
    ended = [row for row in rows if row.state.is_final and row.state is not State.FAILED]
    dropped = {id(row) for row in ended[:excess]}
    return [row for row in rows if id(row) not in dropped][: max(height, 1)]
