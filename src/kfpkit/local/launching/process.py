"""What a run has running, processes and containers, so that none of it outlives the run."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Protocol

from kfpkit.errors import TaskStartError
from kfpkit.local.launching.ending import Ending

_IS_LINUX = sys.platform == "linux"
_KEEPER = Path(__file__).parent / "in_keeper" / "keep.py"

GRACE = 5.0
"""Seconds between asking a process to end and ending it."""


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
    """A process with all that it starts, in the hands of a keeper that outlives the run.

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
        folder: Path,
        output: IO[bytes],
    ) -> KeptProcess:
        """Start a command in a session of its own.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory.
            output: The file for its output.

        Raises:
            TaskStartError: It cannot be started.
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
                raise TaskStartError(program=command[0], cause=cause) from error
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
            TaskStartError: It could not be started.
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
            raise TaskStartError(program=self._program, cause=os.strerror(int(number)))
        return Ending(code=int(number))


def _make_keeper_command(control: socket.socket, variables: Mapping[str, str]) -> list[str]:
    """Return the command of a keeper, in front of the one that it keeps."""
    mark = "" if _IS_LINUX else secrets.token_hex(8)
    # Python sets it where the locale says nothing.
    unset = "" if "LC_CTYPE" in variables else "LC_CTYPE"
    return [sys.executable, "-I", "-S", str(_KEEPER), str(control.fileno()), mark, unset]


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


class Processes:
    """Starts processes and whatever else runs, waits for it, and stops all of it at once."""

    def __init__(self) -> None:
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
        """Whether the run has been asked to stop."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the moment when the run is asked to stop.

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
            How it ended; None when the run was stopped before or meanwhile.

        Raises:
            OSError: The log cannot be written.
            TaskStartError: It cannot be started.
        """
        with log.open("ab") as output:
            return self.supervise(
                lambda: KeptProcess.start(
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
            How it ended; None when the run was stopped before or meanwhile.
        """
        with self._lock:
            if self.stopping:
                return None
            running = start()
            self._running.add(running)
        try:
            with _limited(running, timeout) as expired:
                ending = running.wait()
        finally:
            running.signal(signal.SIGKILL)
            with self._lock:
                self._running.discard(running)
        if self.stopping:
            return None
        return replace(ending, timeout=timeout) if expired.is_set() else ending

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


def _encode(argument: str) -> bytes:
    """Encode what a process is given; as UTF-8 where the user's locale knows only ASCII."""
    try:
        return os.fsencode(argument)
    except UnicodeEncodeError:
        return argument.encode("utf-8", "surrogateescape")
