"""A process with all that it starts, in the hands of a keeper (`in_keeper/keep.py`)."""

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
    """A program cannot be started; who asked for it says so in an error of its own part."""

    def __init__(self, *, program: str, cause: str) -> None:
        """Keep the `program` and what the operating system says."""
        self.program = program
        self.cause = cause
        super().__init__(f"`{program}` cannot be started: {cause}")


class Running(Protocol):
    """Something that runs; several threads may wait for it."""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; without an effect where nothing runs any longer.

        Args:
            number: The signal.
        """

    def wait(self) -> Ending:
        """Wait for the end."""


class KeptProcess:
    """A process with all that it starts, in the hands of a keeper that outlives this process.

    Args:
        control: The socket to the keeper.
        program: The command's program, for an error.
    """

    def __init__(self, control: socket.socket, *, program: str) -> None:
        self._control = control
        self._program = program
        self._lock = threading.Lock()
        self._words: Sequence[str] | None = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole session; SIGKILL ends what has left it, too.

        Args:
            number: The signal.
        """
        with contextlib.suppress(OSError):  # it has ended
            self._control.send(bytes([number]))

    def wait(self) -> Ending:
        """Wait until nothing of it runs any longer.

        Raises:
            StartError: It could not be started.
        """
        with self._lock:
            if self._words is None:
                with self._control, self._control.makefile("r", encoding="ascii") as answers:
                    words = answers.readline().split()
                # A keeper that says nothing was itself killed, and took its command along.
                self._words = words or ["ended", str(-signal.SIGKILL)]
        word, number = self._words
        if word == "error":
            raise StartError(program=self._program, cause=os.strerror(int(number)))
        return Ending(code=int(number))
