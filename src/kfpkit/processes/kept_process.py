"""A process with all that it starts, in the hands of a keeper (`in_keeper/keep.py`)."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from kfpkit.processes.ending import Ending

_IS_LINUX = sys.platform == "linux"
_KEEPER = Path(__file__).parent / "in_keeper" / "keep.py"


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
        keeper: The keeper's process.
        control: The socket to it.
        program: The command's program, for an error.
    """

    def __init__(
        self, keeper: subprocess.Popen[bytes], control: socket.socket, *, program: str
    ) -> None:
        self._keeper = keeper
        self._control = control
        self._program = program
        self._lock = threading.Lock()
        self._words: Sequence[str] | None = None

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        variables: Mapping[str, str],
        folder: Path | None,
        output: IO[bytes],
    ) -> KeptProcess:
        """Start a command in a session of its own.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory; None for that of this process.
            output: The file for its output.

        Raises:
            StartError: It cannot be started.
        """
        control, theirs = socket.socketpair()
        with theirs:
            try:
                keeper = subprocess.Popen(
                    [
                        _encode(each)
                        for each in (*_make_keeper_command(theirs, variables), *command)
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={_encode(name): _encode(each) for name, each in variables.items()},
                    cwd=folder,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except OSError as error:
                control.close()
                cause = error.strerror or str(error)
                raise StartError(program=command[0], cause=cause) from error
        return cls(keeper, control, program=command[0])

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
                code = self._keeper.wait()
                # A keeper that says nothing was itself killed.
                self._words = words or ["ended", str(code)]
        word, number = self._words
        if word == "error":
            raise StartError(program=self._program, cause=os.strerror(int(number)))
        return Ending(code=int(number))


def _make_keeper_command(control: socket.socket, variables: Mapping[str, str]) -> list[str]:
    """Return the command of a keeper, in front of the one that it keeps."""
    mark = "" if _IS_LINUX else secrets.token_hex(8)
    # Python sets it where the locale says nothing.
    unset = "" if "LC_CTYPE" in variables else "LC_CTYPE"
    return [sys.executable, "-I", "-S", str(_KEEPER), str(control.fileno()), mark, unset]


def _encode(argument: str) -> bytes:
    """Encode what a process is given; as UTF-8 where the user's locale knows only ASCII."""
    try:
        return os.fsencode(argument)
    except UnicodeEncodeError:
        return argument.encode("utf-8", "surrogateescape")
