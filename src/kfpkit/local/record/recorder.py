"""Writes `run.json` while a run goes on and when it has ended."""

from __future__ import annotations

import datetime as dt
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any

from kfpkit.local.record.described_task import TaskDescriber
from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.local.record.values import describe_output
from kfpkit.runs.outline import Producers
from kfpkit.runs.record import Component, Environment, Revision, RunRecord, RunState, write_record

_PAUSE = 1.0  # seconds between two states of a run that goes on
_PATIENCE = 0.5  # seconds that the end of a run waits for git


class Recorder:
    """Writes the record of one run.

    Args:
        folder: The run's folder.
        start: What is known of the run when it starts.
        environments: Returns what is known of the environments of its tasks.
        revision: What will be known of the project's source.
    """

    def __init__(
        self,
        folder: RunFolder,
        start: RunRecord,
        *,
        environments: Callable[[], Mapping[str, Environment]],
        revision: Future[Revision | None],
    ) -> None:
        self._folder = folder
        self._record = start
        self._environments = environments
        self._revision = revision
        self._tasks = TaskDescriber(folder.path, Producers(start.nodes))
        self._recorded: Sequence[TaskRecord] | None = None
        self._next = 0.0

    @property
    def components(self) -> Mapping[str, Component]:
        """The components of the pipeline, by name."""
        return self._record.components

    def write_state(self, tasks: Sequence[TaskRecord] = ()) -> None:
        """Record where the run stands, unless that is recorded, or was less than a second ago.

        Args:
            tasks: Its tasks, as far as they are known.

        Raises:
            RunFolderError: It cannot be written.
        """
        now = time.monotonic()
        if now < self._next or tasks == self._recorded:
            return
        self._next = now + _PAUSE
        self._write({"tasks": self._tasks.describe(tasks, {})})
        self._recorded = tasks

    def write_result(self, result: RunResult) -> None:
        """Record how the run ended.

        Args:
            result: The run.

        Raises:
            RunFolderError: It cannot be written.
        """
        folder = self._folder.path
        ended = {
            "state": RunState(result.state),
            "ended": dt.datetime.now(tz=dt.timezone.utc),
            "seconds": round(result.seconds, 3),
            "signal": None if result.signal is None else signal.Signals(result.signal).name,
            "outputs": {
                name: describe_output(each, folder) for name, each in result.outputs.items()
            },
            "tasks": self._tasks.describe(result.tasks, result.pages),
        }
        # Git has had the whole run for its answer.
        wait([self._revision], timeout=_PATIENCE)
        self._write(ended)

    def _write(self, changes: Mapping[str, Any]) -> None:
        known = {
            "environments": dict(self._environments()),
            "revision": self._revision.result() if self._revision.done() else None,
        }
        record = self._record.model_copy(update={**known, **changes})
        with writing(self._folder.path):
            write_record(record, self._folder.path)
