"""Runs processes and containers so that none outlives the process that started it."""

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
    """End a command after some seconds, unless the context ends earlier. Yields whether it did."""
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
    """Wait for the end of a command, and end it if the block raises an error."""
    try:
        yield
    except BaseException:
        running.signal(signal.SIGKILL)
        raise
    finally:
        running.wait()


_Started = TypeVar("_Started", bound=Running)


class Processes:
    """Starts processes and other commands, waits for them, and stops all of them together."""

    def __init__(self) -> None:
        self._keepers = Keepers()
        self._running: set[Running] = set()
        # A signal's handler may stop processes while the same thread is doing so already.
        self._lock = threading.RLock()
        self._stopping = threading.Event()

    def __enter__(self) -> None:
        """Begin a context. At its end, for any reason, everything stops."""

    def __exit__(self, *_: object) -> None:
        """Stop everything; see `stop`."""
        self.stop()

    @property
    def stopping(self) -> bool:
        """Whether everything has been told to stop."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until everything is told to stop.

        Args:
            seconds: The time to wait.
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
        """Run a command to its end, in a separate session.

        Processes that it leaves running end with it, and all of them end with this process, even if
        it is killed. Output goes straight to a file, so a child that holds the output open delays
        nothing.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory.
            log: The file to append its output to.
            timeout: The time limit in seconds.

        Returns:
            How it ended. None if everything was stopped before or in the meantime.

        Raises:
            OSError: The log can't be written.
            StartError: It can't be started.
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
        """Start something and wait for its end. `stop` and `kill` affect it in the meantime.

        Args:
            start: Starts it.
            timeout: The time limit in seconds. After it, SIGTERM is sent, and SIGKILL later.

        Returns:
            How it ended. None if everything was stopped before or in the meantime.
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
        """Start a command, and read its output while it runs. It ends with the block.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.

        Yields:
            Its output, including errors, and the process. The end of the block waits for the
            process, unless an error ends the block.

        Raises:
            InterruptedError: Everything has been stopped.
            StartError: It can't be started. The process's `wait` may raise this too.
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
        """Start something that `stop` and `kill` affect. None if nothing may start anymore."""
        with self._lock:
            if self.stopping:
                return None
            running = start()
            self._running.add(running)
            return running

    @contextlib.contextmanager
    def _held(self, running: Running) -> Iterator[None]:
        """Register something that runs until the block ends."""
        try:
            yield
        finally:
            running.signal(signal.SIGKILL)
            with self._lock:
                self._running.discard(running)

    def stop(self, grace: float = GRACE) -> None:
        """Ask everything to end, kill what doesn't, and let nothing new start.

        Args:
            grace: The time that they have, in seconds.
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
        """Kill everything immediately."""
        self._stopping.set()
        with self._lock:
            running = list(self._running)
        for each in running:
            each.signal(signal.SIGKILL)
