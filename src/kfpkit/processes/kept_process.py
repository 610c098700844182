"""A process, with everything that it starts, under a keeper (`in_keeper/keep.py`)."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Sequence
from typing import Protocol

from kfpkit.processes.ending import Ending


class StartError(Exception):
    """A program can't be started. Callers turn this into an error of their own part."""

    def __init__(self, *, program: str, cause: str) -> None:
        """Keep the `program` and the operating system's message."""
        self.program = program
        self.cause = cause
        super().__init__(f"`{program}` cannot be started: {cause}")


class Running(Protocol):
    """Something that runs. Several threads may wait for it."""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal. Has no effect if nothing is running anymore.

        Args:
            number: The signal.
        """

    def wait(self) -> Ending:
        """Wait for the end."""


class KeptProcess:
    """A process, with everything that it starts, under a keeper that outlives this process.

    Args:
        control: The socket to the keeper.
        program: The command's program, for errors.
    """

    def __init__(self, control: socket.socket, *, program: str) -> None:
        self._control = control
        self._program = program
        self._lock = threading.Lock()
        self._words: Sequence[str] | None = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole session. SIGKILL also ends processes that left it.

        Args:
            number: The signal.
        """
        with contextlib.suppress(OSError):  # it has ended
            self._control.send(bytes([number]))

    def wait(self) -> Ending:
        """Wait until nothing of it is running anymore.

        Raises:
            StartError: It couldn't be started.
        """
        with self._lock:
            if self._words is None:
                # A keeper that says nothing was itself killed, and took its command along.
                self._words = self._read_answer() or ["ended", str(-signal.SIGKILL)]
        word, number, *used = self._words
        if word == "error":
            raise StartError(program=self._program, cause=os.strerror(int(number)))
        if not used:
            return Ending(code=int(number))
        peak, seconds = used
        return Ending(code=int(number), peak_memory=int(peak), cpu_seconds=float(seconds))

    def _read_answer(self) -> Sequence[str]:
        with self._control, self._control.makefile("r", encoding="ascii") as answers:
            try:
                return answers.readline().split()
            except ConnectionResetError:  # killed before it read the request
                return []
