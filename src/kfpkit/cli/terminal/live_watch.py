"""How `kfpkit submit --wait` shows runs in progress on a terminal: a live table."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from kfpkit.cli.terminal.live_progress import choose_fitting, make_task_table
from kfpkit.cli.terminal.task_rows import TaskRow
from kfpkit.runs.record import State
from kfpkit.targets.watching import RunProgress, TaskProgress

_STATES: Mapping[str, State] = {
    "pending": State.WAITING,
    "running": State.RUNNING,
    "cancel_pending": State.RUNNING,
    "cancelling": State.RUNNING,
    "cancelled": State.STOPPED,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "cached": State.CACHED,
    "not_triggered": State.SKIPPED,
    "skipped": State.SKIPPED,
    "canceling": State.RUNNING,
    "canceled": State.STOPPED,
}
_ROOM = 4  # lines of a terminal for headings, the tally, and output above the table


class LiveWatcher:
    """Shows a live table of the tasks of all runs. See `Watcher`.

    Args:
        console: A terminal.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._runs: dict[str, tuple[RunProgress, float]] = {}
        self._cause = ""

    def see(self, progress: RunProgress) -> None:
        """Show how far a run has come.

        Args:
            progress: How far it has come.
        """
        self._cause = ""
        self._runs[progress.name] = (progress, time.monotonic())

    def wait(self, cause: str) -> None:
        """Show once why a service can't be asked.

        Args:
            cause: Why.
        """
        if cause != self._cause:
            self._console.print(
                f"{cause} Still trying; the run goes on.",
                soft_wrap=True,
                markup=False,
                highlight=False,
            )
        self._cause = cause

    @contextlib.contextmanager
    def showing(self) -> Iterator[None]:
        """Show the table until the context ends, then all tasks as they are.

        Yields:
            Nothing.
        """
        live = Live(
            console=self._console,
            get_renderable=self._describe,
            refresh_per_second=4,
            transient=True,
        )
        try:
            with live:
                yield
        finally:
            self._console.print(make_task_table(self._list_rows()))

    def _describe(self) -> Group:
        rows = choose_fitting(self._list_rows(), self._console.height - _ROOM)
        return Group(make_task_table(rows), Text(self._describe_tally()))

    def _list_rows(self) -> list[TaskRow]:
        now = time.monotonic()
        return [
            _make_row(self._label(progress, task), task, now - seen)
            for progress, seen in self._runs.values()
            for task in progress.tasks
        ]

    def _label(self, progress: RunProgress, task: TaskProgress) -> str:
        run = progress.name.rpartition("/")[2]
        return f"{run} {task.name}" if len(self._runs) > 1 else task.name

    def _describe_tally(self) -> str:
        return "; ".join(
            f"{progress.name.rpartition('/')[2]} {progress.state.value}, "
            f"{describe_counts(progress.tasks)}"
            for progress, _ in self._runs.values()
        )


def describe_counts(tasks: Iterable[TaskProgress]) -> str:
    """Say how far a run has come: `3 tasks: 1 running, 2 succeeded`.

    Args:
        tasks: Its tasks.
    """
    counts = Counter(_describe_state(task) for task in tasks)
    total = counts.total()
    listed = ", ".join(f"{number} {word}" for word, number in counts.items())
    return f"{total} {'task' if total == 1 else 'tasks'}{f': {listed}' if listed else ''}"


def _make_row(label: str, task: TaskProgress, since: float) -> TaskRow:
    state = _STATES.get(task.state, State.WAITING)
    # Between two answers of the service, a running task goes on.
    seconds = task.seconds
    if seconds is not None and state is State.RUNNING:
        seconds += since
    return TaskRow(
        label=label, environment="", state=state, text=_describe_state(task), seconds=seconds
    )


def _describe_state(task: TaskProgress) -> str:
    return task.state.replace("_", " ")
