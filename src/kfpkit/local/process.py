"""The processes of a run, each a group of its own, so that none of them outlives the run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from kfpkit.errors import TaskStartError

GRACE = 5.0
"""Seconds between asking a process to end and ending it."""


class Processes:
    """Starts processes, waits for them, and stops all of them at once."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        # A signal's handler may stop processes while the same thread is doing so already.
        self._lock = threading.RLock()
        self._stopping = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether the run has been asked to stop."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment when the run is asked to stop.

        Args:
            seconds: How long.
        """
        self._stopping.wait(seconds)

    def run(
        self, command: Sequence[str], *, variables: Mapping[str, str], folder: Path, log: Path
    ) -> int | None:
        """Run a command to its end, in a process group of its own.

        What it leaves running in its group ends with it. Its output goes straight to a file, so a
        child that holds the output open delays nothing.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory.
            log: The file that its output is added to.

        Returns:
            The exit code, negative for a signal; None when the run was stopped before or meanwhile.

        Raises:
            OSError: The log cannot be written.
            TaskStartError: It cannot be started.
        """
        with log.open("ab") as output:
            process = self._start(command, variables=variables, folder=folder, output=output)
        if process is None:
            return None
        try:
            code = process.wait()
        finally:
            _signal(process, signal.SIGKILL)
            with self._lock:
                self._running.discard(process)
        return None if self.stopping else code

    def _start(
        self,
        command: Sequence[str],
        *,
        variables: Mapping[str, str],
        folder: Path,
        output: IO[bytes],
    ) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self.stopping:
                return None
            try:
                process = subprocess.Popen(
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dict(variables),
                    cwd=folder,
                    start_new_session=True,
                )
            except OSError as error:
                cause = error.strerror or str(error)
                raise TaskStartError(program=command[0], cause=cause) from error
            self._running.add(process)
            return process

    def stop(self, grace: float = GRACE) -> None:
        """Ask every process to end, end those that do not, and let no new one start.

        Args:
            grace: How many seconds they have.
        """
        self._stopping.set()
        with self._lock:
            running = list(self._running)
        for process in running:
            _signal(process, signal.SIGTERM)
        ends = threading.Timer(grace, self.kill)
        ends.daemon = True
        ends.start()
        for process in running:
            process.wait()
        ends.cancel()

    def kill(self) -> None:
        """End every process at once."""
        self._stopping.set()
        with self._lock:
            running = list(self._running)
        for process in running:
            _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # A group's number is its first process's, which start_new_session made a group's first. macOS
    # refuses with PermissionError where Linux finds no process.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
