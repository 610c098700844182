"""Writes `run.json` during a run and at its end."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from signal import Signals
from typing import Any

from kfpkit.errors import RunFolderError
from kfpkit.local.record.described_task import TaskDescriber
from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.pages import Pages
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.local.record.values import describe_output
from kfpkit.runs.outline import Producers
from kfpkit.runs.record import Component, Environment, Revision, RunRecord, RunState, write_record

_PAUSE = 1.0  # seconds between two states of a run that goes on
_SHARE = 0.005  # of a run's time that may go into writing its state
_PATIENCE = 0.5  # seconds that the end of a run waits for git


class Recorder:
    """Writes the record of one run.

    Args:
        folder: The run's folder.
        start: The facts that are known when the run starts.
        environments: Returns the environments of its tasks, as far as they are known.
        revision: The future state of the project's source in git.
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
        """Record the state of the run, at most once a second.

        A large record is written less often, since the tasks need the processors.
        The disk may be full for a moment. The end of the run is always recorded.

        Args:
            tasks: The known tasks.
        """
        now = time.monotonic()
        if now < self._next or tasks == self._recorded:
            return
        with contextlib.suppress(RunFolderError):
            self.write(self._describe({"tasks": self._tasks.describe(tasks, {})}))
            self._recorded = tasks
        ended = time.monotonic()
        self._next = now + max(_PAUSE, (ended - now) / _SHARE)

    def describe_end(  # noqa: PLR0913 - named, and each of them is part of a run's end
        self,
        *,
        succeeded: bool,
        signal: int | None,
        seconds: float,
        tasks: Sequence[TaskRecord],
        outputs: Mapping[str, Any],
        pages: Pages,
    ) -> RunRecord:
        """Return the record of a run that has ended.

        Args:
            succeeded: Whether every task that had to run has succeeded.
            signal: The signal that stopped it, if one did.
            seconds: How long it took.
            tasks: Its tasks.
            outputs: The pipeline's outputs by name.
            pages: The pages with reports, by task and output.
        """
        ended = RunState.SUCCEEDED if succeeded else RunState.FAILED
        folder = self._folder.path
        # Git has had the whole run for its answer.
        wait([self._revision], timeout=_PATIENCE)
        return self._describe(
            {
                "state": ended if signal is None else RunState.STOPPED,
                "ended": dt.datetime.now(tz=dt.timezone.utc),
                "seconds": round(seconds, 3),
                "signal": None if signal is None else Signals(signal).name,
                "outputs": {name: describe_output(each, folder) for name, each in outputs.items()},
                "tasks": self._tasks.describe(tasks, pages),
            }
        )

    def write(self, record: RunRecord) -> None:
        """Write a record of the run.

        Args:
            record: The record.

        Raises:
            RunFolderError: It can't be written. The earlier one stays.
        """
        with writing(self._folder.path):
            write_record(record, self._folder.path)

    def _describe(self, changes: Mapping[str, Any]) -> RunRecord:
        known = {
            "environments": dict(self._environments()),
            "revision": self._revision.result() if self._revision.done() else None,
        }
        return self._record.model_copy(update={**known, **changes})
