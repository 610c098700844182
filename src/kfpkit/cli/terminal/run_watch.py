"""How `kfpkit submit --wait` shows runs in progress, and how they ended."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kfpkit.cli.terminal.live_watch import LiveWatcher
    from kfpkit.targets import SubmittedRun
    from kfpkit.targets.submission import AnyConnection
    from kfpkit.targets.watching import RunProgress, TaskProgress

_QUIET = frozenset({"pending", "not_triggered"})


def choose_watcher(*, to_stderr: bool) -> LineWatcher | LiveWatcher:
    """Return what shows runs: a live table in a terminal, otherwise a line for each change.

    Args:
        to_stderr: Whether to show them on standard error, because other output follows.
    """
    if not to_stderr and sys.stdout.isatty():
        from rich.console import Console

        from kfpkit.cli.terminal.live_watch import LiveWatcher

        return LiveWatcher(Console())
    return LineWatcher(to_stderr=to_stderr)


class LineWatcher:
    """Shows a line for each change.

    Args:
        to_stderr: Whether to show it on standard error, because other output follows.
    """

    def __init__(self, *, to_stderr: bool) -> None:
        self._to_stderr = to_stderr
        self._shown: dict[tuple[str, str, int], str] = {}
        self._cause = ""

    def showing(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which runs are watched."""
        return contextlib.nullcontext()

    def see(self, progress: RunProgress) -> None:
        """Show what has changed since the last time.

        Args:
            progress: How far a run has come.
        """
        self._cause = ""
        run = progress.name.rpartition("/")[2]
        seen: dict[str, int] = {}
        for task in progress.tasks:
            seen[task.name] = seen.get(task.name, 0) + 1  # a loop has tasks of one name
            self._show((run, task.name, seen[task.name]), task)

    def wait(self, cause: str) -> None:
        """Show once why a service can't be asked.

        Args:
            cause: Why.
        """
        if cause != self._cause:
            self._say(f"{cause} Still trying; the run goes on.")
        self._cause = cause

    def _show(self, key: tuple[str, str, int], task: TaskProgress) -> None:
        before = self._shown.get(key)
        self._shown[key] = task.state
        if task.state != before and not (before is None and task.state in _QUIET):
            took = _describe_seconds(task) if task.state in {"succeeded", "failed"} else ""
            self._say(f"{task.name}: {task.state.replace('_', ' ')}{took}")

    def _say(self, line: str) -> None:
        typer.echo(f"{time.strftime('%H:%M:%S')} {line}", err=self._to_stderr)


def describe_failure(
    run: SubmittedRun, progress: RunProgress, connection: AnyConnection
) -> Iterator[str]:
    """Yield lines that say why a run failed: the errors of its tasks, and the ends of their logs.

    Args:
        run: The run.
        progress: How it ended.
        connection: A connection to its target.
    """
    if progress.error and progress.state.value == "failed":
        yield f"{run.id}: {progress.error}"
    for task in progress.tasks:
        if task.has_failed:
            yield f"Task `{task.name}` failed: {task.error or 'The target gives no reason.'}"
            yield from _list_log(connection, task)


def describe_end(run: SubmittedRun, progress: RunProgress) -> str:
    """Return a line with the end of a run.

    Args:
        run: The run.
        progress: How it ended.
    """
    took = _describe_seconds(progress)
    if progress.state.is_final:
        cached = sum(task.state == "cached" for task in progress.tasks)
        hits = f", {cached} of {len(progress.tasks)} tasks from the cache" if cached else ""
        return f"{run.id}: {progress.state.value}{took}{hits}"
    return f"{run.id}: still {progress.state.value}; the time is over, and the run goes on"


def _list_log(connection: AnyConnection, task: TaskProgress) -> Iterator[str]:
    from kfpkit.errors import KfpkitError
    from kfpkit.targets.kubeflow.service import KubeflowConnection
    from kfpkit.targets.vertex.watching import fetch_log

    if task.job is None or isinstance(connection, KubeflowConnection):
        return
    try:
        lines = fetch_log(connection, task.job)
    except KfpkitError as error:
        yield f"  Its log can't be read. {error}"
        return
    yield from (f"  {line}" for line in lines)


def _describe_seconds(progress: RunProgress | TaskProgress) -> str:
    return "" if progress.seconds is None else f" in {progress.seconds:.0f} s"
