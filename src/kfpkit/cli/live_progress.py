"""How `kfpkit run` shows a run's progress on a terminal: a live table."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from kfpkit.local.record import Journal, TaskRecord
from kfpkit.runs.record import State

_STYLES = {
    State.PREPARING: "yellow",
    State.RUNNING: "bold blue",
    State.CACHED: "green",
    State.SUCCEEDED: "green",
    State.FAILED: "bold red",
    State.STOPPED: "red",
}
_ROOM = 4  # lines of a terminal reserved for the table's frame and for output above it


class LiveProgress:
    """Shows a live table of the tasks.

    Args:
        console: A terminal.
    """

    is_read = True

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Show a line above the table.

        Args:
            line: The line.
        """
        self._console.print(line, soft_wrap=True, markup=False, highlight=False)

    @contextlib.contextmanager
    def watch(self, journal: Journal) -> Iterator[None]:
        """Show the tasks that fit until the context ends, then all tasks.

        Args:
            journal: Where the tasks are noted.

        Yields:
            Nothing.
        """
        height = self._console.height - _ROOM

        def fitting_table() -> Table:
            return make_task_table(_choose_fitting(journal.records(), height), time.time())

        live = Live(
            console=self._console,
            get_renderable=fitting_table,
            refresh_per_second=5,
            transient=True,
        )
        try:
            with live:
                yield
        finally:
            self._console.print(make_task_table(journal.records(), time.time()))


def make_task_table(records: tuple[TaskRecord, ...], now: float) -> Table:
    """Return a table with a row for each task.

    Args:
        records: The tasks.
        now: The current time, in seconds since the epoch.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("task", overflow="fold")
    table.add_column("environment", style="cyan")
    table.add_column("state")
    table.add_column("time", justify="right")
    for record in records:
        seconds = record.seconds(now)
        table.add_row(
            record.label,
            record.environment,
            Text(record.state.value, style=_STYLES.get(record.state, "dim")),
            "" if seconds is None else f"{seconds:.1f} s",
        )
    return table


def _choose_fitting(records: tuple[TaskRecord, ...], height: int) -> tuple[TaskRecord, ...]:
    """Drop tasks if not all fit: successful ones first, from the oldest, then others."""
    excess = len(records) - max(height, 1)
    if excess <= 0:
        return records
    ended = [record for record in records if record.state.is_final]
    unimportant = [record for record in ended if record.state is not State.FAILED]
    dropped = {record.name for record in unimportant[:excess]}
    return tuple(record for record in records if record.name not in dropped)[: max(height, 1)]
