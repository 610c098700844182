"""What runs at a time, processes and containers, so that none of it outlives who started it."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO, TypeVar

from kfpkit.processes.ending import Ending
from kfpkit.processes.keepers import Keepers
from kfpkit.processes.kept_process import KeptProcess, Running

GRACE = 5.0
"""Seconds between asking a process to end and ending it."""


@contextlib.contextmanager
def _limited(running: Running, seconds: float | None) -> Iterator[threading.Event]:
    """End what runs after some seconds, unless the context ends earlier; yields whether it was."""
    expired = threading.Event()
    if seconds is None:
        yield expired
        return
    seconds = min(seconds, threading.TIMEOUT_MAX - GRACE)

    def end() -> None:
        expired.set()
        running.signal(signal.SIGTERM)

    timers = [
        threading.Timer(seconds, end),
        threading.Timer(seconds + GRACE, running.signal, [signal.SIGKILL]),
    ]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield expired
    finally:
        for timer in timers:
            timer.cancel()


@contextlib.contextmanager
def _awaited(running: Running) -> Iterator[None]:
    """Wait for the end of what runs, and end it where an error ends the block."""
    try:
        yield
    except BaseException:
        running.signal(signal.SIGKILL)
        raise
    finally:
        running.wait()


_Started = TypeVar("_Started", bound=Running)


class Processes:
    """Starts processes and whatever else runs, waits for it, and stops all of it at once."""

    def __init__(self) -> None:
        self._keepers = Keepers()
        self._running: set[Running] = set()
        # A signal's handler may stop processes while the same thread is doing so already.
        self._lock = threading.RLock()
        self._stopping = threading.Event()

    def __enter__(self) -> None:
        """Begin a context; at its end, however it ends, everything stops."""

    def __exit__(self, *_: object) -> None:
        """Stop everything; see `stop`."""
        self.stop()

    @property
    def stopping(self) -> bool:
        """Whether everything has been asked to stop."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment when everything is asked to stop.

        Args:
            seconds: How long.
        """
        self._stopping.wait(seconds)

    def run(
        self,
        command: Sequence[str],
        *,
        variables: Mapping[str, str],
        folder: Path,
        log: Path,
        timeout: float | None = None,
    ) -> Ending | None:
        """Run a command to its end, in a session of its own.

        What it leaves running ends with it, and all of it ends with this process, even if that is
        killed. Its output goes straight to a file, so a child that holds the output open delays
        nothing.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory.
            log: The file that its output is added to.
            timeout: After how many seconds it is ended.

        Returns:
            How it ended; None when everything was stopped before or meanwhile.

        Raises:
            OSError: The log cannot be written.
            StartError: It cannot be started.
        """
        with log.open("ab") as output:
            return self.supervise(
                lambda: self._keepers.start(
                    command, variables=variables, folder=folder, output=output
                ),
                timeout=timeout,
            )

    def supervise(
        self, start: Callable[[], Running], *, timeout: float | None = None
    ) -> Ending | None:
        """Start something and wait for its end; `stop` and `kill` reach it meanwhile.

        Args:
            start: Starts it.
            timeout: After how many seconds it is ended: first asked, then killed.

        Returns:
            How it ended; None when everything was stopped before or meanwhile.
        """
        running = self._begin(start)
        if running is None:
            return None
        with self._held(running), _limited(running, timeout) as expired:
            ending = running.wait()
        if self.stopping:
            return None
        return replace(ending, timeout=timeout) if expired.is_set() else ending

    @contextlib.contextmanager
    def reading(
        self, command: Sequence[str], *, variables: Mapping[str, str]
    ) -> Iterator[tuple[TextIO, KeptProcess]]:
        """Start a command whose output is read while it runs; it ends with the block.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.

        Yields:
            Its output, errors too, and the process; the end of the block waits for that, unless an
            error ends the block.

        Raises:
            InterruptedError: Everything has been stopped.
            StartError: It cannot be started; the process's `wait` may raise this, too.
        """
        read, write = os.pipe()
        with os.fdopen(read, encoding="utf-8", errors="replace") as lines:
            with os.fdopen(write, "wb") as output:
                process = self._begin(
                    lambda: self._keepers.start(
                        command, variables=variables, folder=None, output=output
                    )
                )
            if process is None:
                raise InterruptedError
            with self._held(process), _awaited(process), lines:
                yield lines, process

    def _begin(self, start: Callable[[], _Started]) -> _Started | None:
        """Start something that `stop` and `kill` reach; None where nothing may start any more."""
        with self._lock:
            if self.stopping:
                return None
            running = start()
            self._running.add(running)
            return running

    @contextlib.contextmanager
    def _held(self, running: Running) -> Iterator[None]:
        """Have something running, which is over when the block ends."""
        try:
            yield
        finally:
            running.signal(signal.SIGKILL)
            with self._lock:
                self._running.discard(running)

    def stop(self, grace: float = GRACE) -> None:
        """Ask all to end, end those that do not, and let nothing new start.

        Args:
            grace: How many seconds they have.
        """
        self._stopping.set()
        with self._lock:
            running = list(self._running)
        for each in running:
            each.signal(signal.SIGTERM)
        ends = threading.Timer(grace, self.kill)
        ends.daemon = True
        ends.start()
        for each in running:
            each.wait()
        ends.cancel()

    def kill(self) -> None:
        """End everything at once."""
        self._stopping.set()
        with self._lock:
            running = list(self._running)
        for each in running:
            each.signal(signal.SIGKILL)
