"""How `kfpkit run` shows a run's progress outside a terminal: a line for each change."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

import typer

from kfpkit.cli.streams import ReaderGone
from kfpkit.local.record import Journal, RunFolder, TaskRecord
from kfpkit.runs.record import State


class LineProgress:
    """Shows a line for each change."""

    def __init__(self) -> None:
        self._is_read = True

    @property
    def is_read(self) -> bool:
        """Whether the output still has a reader; see `Progress`."""
        return self._is_read

    def begin(self, folder: RunFolder) -> None:
        """Show nothing; `say` names the run.

        Args:
            folder: Ignored.
        """

    def say(self, line: str) -> None:
        """Show a line.

        Args:
            line: The line.
        """
        try:
            typer.echo(line)
        except ReaderGone:
            self._is_read = False

    def watch(self, journal: Journal) -> AbstractContextManager[None]:
        """Show each change of a task until the context ends.

        Args:
            journal: Where the tasks are noted.

        Returns:
            The context.
        """
        return journal.listening(self._changed)

    def _changed(self, record: TaskRecord) -> None:
        if record.state is State.WAITING:
            return
        seconds = record.seconds(time.time()) if record.state.is_final else None
        took = "" if seconds is None else f" in {seconds:.1f} s"
        why = f": {record.failure}" if record.failure else ""
        inside = f" [{record.environment}]" if record.environment else ""
        self.say(f"{time.strftime('%H:%M:%S')} {record.label}{inside}: {record.word}{took}{why}")
