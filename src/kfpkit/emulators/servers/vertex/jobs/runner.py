"""Starts the processes of jobs, a few at a time, and follows what they record."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..names import Projects, read_clock, write_time
from ..store import Row, Store
from .folder import JobFolder
from .results import JobResults, write_job

KIND = "PipelineJob"
PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLING, CANCELLED = 2, 3, 4, 5, 6, 7
OPEN = (PENDING, RUNNING, CANCELLING)
_BEAT = 0.2
_GRACE = 4.0  # seconds for processes to stop their tasks when the server ends
_AT_ONCE = 4

logger = logging.getLogger("vertex")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How jobs run.

    Args:
        command: The command of a job's process, without the job's folder.
        reader: The command that writes the JSON of a compiled pipeline on its standard input.
        variables: The environment variables of both.
        project: The folder of the project.
        folder: The folder of all jobs.
        at_once: How many jobs run at the same time.
    """

    command: Sequence[str]
    reader: Sequence[str]
    variables: Mapping[str, str]
    project: Path
    folder: Path
    at_once: int = _AT_ONCE


@dataclass(kw_only=True)
class _Running:
    """A job whose process runs."""

    name: str
    folder: JobFolder
    process: subprocess.Popen[bytes]
    stamp: tuple[str, int] = ("", 0)
    cancelled: bool = False
    recorded: set[str] = field(default_factory=set)


class Runner:
    """Runs the jobs of the database.

    Attributes:
        changed: Called when there is a new job.
    """

    def __init__(self, store: Store, projects: Projects, settings: Settings) -> None:
        """Follow the jobs in the `store`. Those that have not ended go on."""
        self._store = store
        self._settings = settings
        self._running: dict[str, _Running] = {}
        self._lock = threading.RLock()
        self._faults: set[str] = set()
        self._must_repeat = False
        self.changed: Callable[[], None] = lambda: None
        self._wake = threading.Event()
        self._ends = threading.Event()
        self._results = JobResults(store, projects)
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        """Begin to run jobs."""
        self._thread.start()

    def stop(self) -> None:
        """End the processes. Their jobs stay as they are, and go on with the next start."""
        self._ends.set()
        self._wake.set()
        self._thread.join()
        with self._lock:
            for each in self._running.values():
                _close_lifeline(each.process)
            deadline = time.monotonic() + _GRACE
            for each in self._running.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    each.process.wait(max(0.0, deadline - time.monotonic()))

    def open_folder(self, row: Row) -> JobFolder:
        """Return the folder of a job."""
        path = self._settings.folder / str(row.fields["number"])
        return JobFolder(path=path, runs=self._settings.project / ".kfpkit" / "runs")

    def notify(self) -> None:
        """Look at the jobs now, because there is a new one."""
        self.changed()
        self._wake.set()

    def forget(self, name: str) -> None:
        """Delete a job that has ended, and its folder. Its runs stay in the project."""
        row = self._store.get(name)
        if row is not None:
            self._store.delete(name)
            shutil.rmtree(self.open_folder(row).path, ignore_errors=True)

    def cancel(self, name: str) -> None:
        """Begin to cancel a job that has not ended."""
        with self._lock:
            row = self._store.get(name)
            if row is None or row.fields["state"] not in (PENDING, RUNNING):
                return
            job = self._store.read(KIND, name)
            running = self._running.get(name)
            if running is None:
                self._results.end(job, row, CANCELLED)
                return
            job.state = CANCELLING
            write_job(self._store, job, row.fields)
            running.cancelled = True
            with contextlib.suppress(ProcessLookupError):
                running.process.send_signal(signal.SIGTERM)

    def count_open_jobs(self) -> int:
        """Return how many jobs have not ended."""
        return len(self._list_open())

    def _list_open(self) -> list[str]:
        marks = ", ".join("?" for _ in OPEN)
        found = self._store.run(
            f"SELECT name FROM resources WHERE kind = ? AND json_extract(fields, '$.state') IN"
            f" ({marks}) ORDER BY json_extract(fields, '$.create_time'), name",
            (KIND, *OPEN),
        )
        return [name for (name,) in found]

    def _follow(self) -> None:
        while not self._ends.is_set():
            self._must_repeat = False
            with self._lock, self._trying("jobs cannot be followed"):
                self._advance()
            busy = self._running or self._must_repeat
            self._wake.wait(_BEAT if busy else None)
            self._wake.clear()

    @contextlib.contextmanager
    def _trying(self, what: str) -> Iterator[None]:
        """Log what fails, each once, and go on: the next round tries again.

        A disk may be full for a while. A fault in this program must not hold up other jobs.
        """
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            self._must_repeat = True
            if self._note(what, error):
                logger.warning("%s: %s", what, error)
        except Exception as error:
            self._must_repeat = True
            if self._note(what, error):
                logger.exception(what)

    def _note(self, what: str, error: Exception) -> bool:
        """Return whether something fails for the first time like this."""
        fault = f"{what}: {error!r}"
        is_new = fault not in self._faults
        self._faults.add(fault)
        return is_new

    def _advance(self) -> None:
        for running in list(self._running.values()):
            with self._trying(f"job {running.name} cannot be followed"):
                self._look_at(running)
        free = self._settings.at_once - len(self._running)
        waiting = [name for name in self._list_open() if name not in self._running]
        for name in waiting[: max(free, 0)]:
            with self._trying(f"job {name} cannot be started"):
                self._start(name)

    def _look_at(self, running: _Running) -> None:
        ended = running.process.poll() is not None
        stamp = running.folder.stamp_record()
        row = self._store.get(running.name)
        if row is None:  # deleted meanwhile
            self._running.pop(running.name)
            return
        job = self._store.read(KIND, running.name)
        if ended:
            self._running.pop(running.name)
            _close_lifeline(running.process)
            self._settle(running, job, row)
        elif stamp != running.stamp:
            running.stamp = stamp
            self._results.refresh(job, row, running.folder, running.recorded)

    def _settle(self, running: _Running, job: Any, row: Row) -> None:
        """Store the end of a job whose process has ended."""
        failure = running.folder.read_failure()
        found = running.folder.read_record()
        state = found[1]["state"] if found else ""
        self._results.refresh(job, row, running.folder, running.recorded, stores=False)
        if running.cancelled or job.state == CANCELLING:
            self._results.end(job, row, CANCELLED)
        elif failure:
            self._results.end(job, row, FAILED, failure)
        elif state == "succeeded":
            self._results.end(job, row, SUCCEEDED)
        elif state == "failed":
            self._results.end(job, row, FAILED, _explain_failure(found[1] if found else {}))
        else:
            code, log = running.process.returncode, running.folder.log
            tail = _read_tail(log)
            message = f"The job's process ended with {code} before it recorded an end.\n{tail}"
            self._results.end(job, row, FAILED, message)

    def _start(self, name: str) -> None:
        row = self._store.get(name)
        if row is None:
            return
        job, folder = self._store.read(KIND, name), self.open_folder(row)
        if job.state == CANCELLING:  # the server was killed meanwhile
            self._results.end(job, row, CANCELLED)
            return
        with folder.log.open("ab") as log:
            process = subprocess.Popen(
                [*self._settings.command, str(folder.path)],
                cwd=self._settings.project,
                env=dict(self._settings.variables),
                # It ends with this server, even if that is killed: then the pipe is closed.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[name] = _Running(name=name, folder=folder, process=process)
        logger.info("job %s: process %s", name, process.pid)
        if job.state != RUNNING:
            self._results.begin(job)
            job.state = RUNNING
            job.start_time.FromDatetime(read_clock())
            fields = {**row.fields, "start_time": write_time(read_clock())}
            write_job(self._store, job, fields)


def _close_lifeline(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _explain_failure(record: Mapping[str, Any]) -> str:
    failed = [task["name"] for task in record.get("tasks", []) if task["state"] == "failed"]
    return f"The DAG failed because some tasks failed. The failed tasks are: [{', '.join(failed)}]."


def _read_tail(log: Path) -> str:
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 2000))
        return file.read().decode(errors="replace")
    return ""
