"""Writes `run.json` while a run goes on and when it has ended."""

from __future__ import annotations

import datetime as dt
import signal
import time
from collections.abc import Sequence

from kfpkit.local.record.described_task import describe_task
from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.local.record.values import describe_output
from kfpkit.runs.record import RunRecord, RunState, Task, write_record

_PAUSE = 1.0  # seconds between two states of a run that goes on


class Recorder:
    """Writes the record of one run.

    Args:
        folder: The run's folder.
        start: What is known of the run when it starts.
    """

    def __init__(self, folder: RunFolder, start: RunRecord) -> None:
        self._folder = folder
        self._record = start
        self._recorded: Sequence[TaskRecord] | None = None
        self._next = 0.0
        self._described: dict[str, tuple[TaskRecord, Task]] = {}

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
        self._write(self._record.model_copy(update={"tasks": self._describe(tasks)}))
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
            "tasks": self._describe(result.tasks, result),
        }
        self._write(self._record.model_copy(update=ended))

    def _describe(
        self, tasks: Sequence[TaskRecord], result: RunResult | None = None
    ) -> tuple[Task, ...]:
        return tuple(self._describe_task(task, result) for task in tasks)

    def _describe_task(self, task: TaskRecord, result: RunResult | None) -> Task:
        pages = {} if result is None else result.pages.get(task.name, {})
        before, described = self._described.get(task.name, (None, None))
        if described is None or before is not task or pages:
            described = describe_task(task, pages, self._folder.path)
            self._described[task.name] = (task, described)
        return described

    def _write(self, record: RunRecord) -> None:
        with writing(self._folder.path):
            write_record(record, self._folder.path)
