"""Starts commands under keepers, all forked from one server (`in_keeper/keep.py`)."""

from __future__ import annotations

import contextlib
import marshal
import os
import secrets
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from kfpkit.processes.kept_process import KeptProcess, StartError

_IS_LINUX = sys.platform == "linux"
_KEEPER = Path(__file__).parent / "in_keeper" / "keep.py"
_SIZE = 8  # bytes of the number in front of a request


class Keepers:
    """Starts commands, each under a separate keeper.

    Starting a Python takes longer than many a task. Keepers are therefore forked from one server,
    which starts with the first command and ends with this object.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: socket.socket | None = None

    def start(
        self,
        command: Sequence[str],
        *,
        variables: Mapping[str, str],
        folder: Path | None,
        output: IO[bytes],
    ) -> KeptProcess:
        """Start a command in a separate session.

        Args:
            command: The program, looked up on the `PATH` of `variables`, and its arguments.
            variables: Its environment variables, all of them.
            folder: Its working directory (default: that of this process).
            output: The file for its output.

        Raises:
            StartError: It can't be started. The process's `wait` may raise this too.
        """
        control, theirs = socket.socketpair()
        try:
            with theirs:
                self._fork_keeper(theirs, output)
            request = _make_request(command, variables, folder or Path.cwd())
            control.sendall(len(request).to_bytes(_SIZE, "big") + request)
        except OSError as error:
            control.close()
            raise StartError(program=command[0], cause=error.strerror or str(error)) from error
        return KeptProcess(control, program=command[0])

    def _fork_keeper(self, control: socket.socket, output: IO[bytes]) -> None:
        descriptors = [control.fileno(), output.fileno()]
        with self._lock:
            if self._server is not None:
                with contextlib.suppress(OSError):  # somebody has killed it
                    socket.send_fds(self._server, [b"\0"], descriptors)
                    return
            self._server = self._start_server()
            socket.send_fds(self._server, [b"\0"], descriptors)

    def _start_server(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_KEEPER), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        weakref.finalize(self, _end_server, ours, process)
        return ours


def _end_server(server: socket.socket, process: subprocess.Popen[bytes]) -> None:
    server.close()
    process.wait()


def _make_request(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> bytes:
    mark = "" if _IS_LINUX else secrets.token_hex(8)
    return marshal.dumps(
        (
            [_encode(each) for each in command],
            {_encode(name): _encode(each) for name, each in variables.items()},
            _encode(str(folder)),
            _encode(mark),
        )
    )


def _encode(argument: str) -> bytes:
    """Encode an argument for a process. Uses UTF-8 if the user's locale supports only ASCII."""
    try:
        return os.fsencode(argument)
    except UnicodeEncodeError:
        return argument.encode("utf-8", "surrogateescape")
