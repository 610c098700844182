"""The end of a run: its record and page, which don't affect its result."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kfpkit.errors import RunFolderError
from kfpkit.local.record.journal import Journal
from kfpkit.local.record.pages import Pages, write_pages
from kfpkit.local.record.recorder import Recorder
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.run_folder import RunFolder
from kfpkit.runs.pages import write_page
from kfpkit.runs.record import RunRecord


class Ending:
    """The end of a run. It has failed unless it is set to something else.

    Whatever can't be written is reported with a line. It changes neither the result nor what else
    is written.

    Args:
        pipeline: The pipeline's name.
        folder: The run's folder.
        journal: The records of its tasks.
        recorder: Writes its record.
        report: Called with a line about what can't be written.
    """

    def __init__(
        self,
        *,
        pipeline: str,
        folder: RunFolder,
        journal: Journal,
        recorder: Recorder,
        report: Callable[[str], object],
    ) -> None:
        self._pipeline = pipeline
        self._folder = folder
        self._journal = journal
        self._recorder = recorder
        self._report = report
        self._started = time.monotonic()
        self.succeeded = False
        self.outputs: Mapping[str, Any] = {}
        self.is_recorded = False
        """Whether the record in the run's folder says how the run ended."""

    def record(self, signal: int | None) -> RunResult:
        """Write reports, record and page, as far as possible.

        Args:
            signal: The signal that stopped the run, if one did.

        Returns:
            The run's result.
        """
        seconds = time.monotonic() - self._started
        tasks = self._journal.records()
        pages: Pages = {}
        with self._reporting("reports"):
            pages = write_pages(self._folder, tasks)
        record = self._recorder.describe_end(
            succeeded=self.succeeded,
            signal=signal,
            seconds=seconds,
            tasks=tasks,
            outputs=self.outputs,
            pages=pages,
        )
        with self._reporting("record"):
            self._recorder.write(record)
            self.is_recorded = True
        return RunResult(
            pipeline=self._pipeline,
            folder=self._folder,
            tasks=tasks,
            outputs=self.outputs,
            seconds=seconds,
            succeeded=self.succeeded,
            signal=signal,
            pages=pages,
            page=self._write_page(record),
            record=record,
        )

    def _write_page(self, record: RunRecord) -> Path | None:
        try:
            return write_page(record, self._folder.path)
        except Exception as error:  # noqa: BLE001 - a run that has ended doesn't fail for its picture
            cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
            self._report(f"The page of the run can't be written: {cause.removesuffix('.')}.")
            return None

    @contextlib.contextmanager
    def _reporting(self, part: str) -> Iterator[None]:
        try:
            yield
        except RunFolderError as error:
            cause = error.cause.removesuffix(".")
            place = error.folder
            self._report(f"The {part} of the run can't be written to {place}: {cause}.")
