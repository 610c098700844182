"""A fork server of keepers: `python -I -S keep.py SERVER`. A keeper keeps one command.

The server and its keepers are processes between kfpkit and a command, such as that of a task or a
build. A command ends together with everything that it has started, and also when kfpkit ends for
any reason. kfpkit starts this file and never imports it. It uses only the standard library. The
contract:

- `SERVER` is a connected socket. Each byte on it comes with two file descriptors: the command's
  socket, and the file for its output. The server forks a keeper for the command. It ends when
  `SERVER` closes.
- The first message on a command's socket is a request: eight bytes for its length, then `marshal`
  of (program and arguments, environment variables, working directory, mark).
- Each byte that follows is a signal for the command's session. SIGKILL ends everything. If the
  socket closes, kfpkit is gone, and the command gets SIGTERM, then SIGKILL.
- The answer is one line: `error ERRNO` if the program can't be started, otherwise `ended CODE PEAK
  SECONDS`, with a negative code for a signal, the largest resident memory of a process in bytes,
  and the processor time of all. At that time, nothing that the command started is still running.

On Linux, a keeper becomes the parent of orphaned descendants (`PR_SET_CHILD_SUBREAPER`), so it also
finds a daemon in another session. Elsewhere, the mark is a string that is unique to this command.
It is one of the command's variables, by which `ps` finds descendants that became children of
process 1.
"""

from __future__ import annotations

import contextlib
import ctypes
import marshal
import os
import resource
import select
import signal
import socket
import sys
import time
import warnings  # noqa: F401 - `os.execvpe` would import it in each command's process

GRACE = 2.0  # seconds from SIGTERM to SIGKILL after the run is gone
PATIENCE = 10.0  # seconds for processes that were killed; those of other users cannot be
MARK_NAME = b"KFPKIT_TASK_MARK"

_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, in which `ru_maxrss` counts
_SIZE = 8  # bytes of the number in front of a request
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# Python ignores these, and an ignored signal stays ignored in the next program.
_RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)
# Opened once, by the server: that takes longer than the rest of a keeper's start.
_LIBRARY = ctypes.CDLL(None)
_IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def main() -> None:
    """Fork a keeper for each command, until kfpkit is gone."""
    server = socket.socket(fileno=int(sys.argv[1]))
    server.set_inheritable(False)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no keeper is waited for
    while True:
        _, descriptors, _, _ = socket.recv_fds(server, 1, 2)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as control:
            _fork_keeper(server, control, output=descriptors[1])


def _fork_keeper(server: socket.socket, control: socket.socket, output: int) -> None:
    """Fork a keeper for a command, and close the output here."""
    try:
        keeper = os.fork()
    except OSError as error:
        _report_error(control, error)
        keeper = -1
    if not keeper:
        try:
            # A killed server is replaced once nobody holds this socket anymore.
            server.close()
            _keep(control, output)
        finally:
            os._exit(0)
    os.close(output)


def _keep(control: socket.socket, output: int) -> None:
    """Start and keep the requested command."""
    control.set_inheritable(False)
    size = int.from_bytes(control.recv(_SIZE, socket.MSG_WAITALL), "big")
    request = control.recv(size, socket.MSG_WAITALL)
    if not size or len(request) < size:
        return  # kfpkit is gone
    command, variables, folder, mark = marshal.loads(request)  # noqa: S302 - kfpkit's own
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    try:
        os.chdir(folder)
    except OSError as error:
        _report_error(control, error)
        return
    Keeper(control, mark).keep(command, variables)


def _report_error(control: socket.socket, error: OSError) -> None:
    _report(control, f"error {error.errno}")


def _report(control: socket.socket, line: str) -> None:
    # kfpkit may be gone.
    with contextlib.suppress(OSError):
        control.sendall(f"{line}\n".encode())


class Keeper:
    """Keeps one command.

    Args:
        control: The command's socket.
        mark: What marks the command's variables; empty on Linux.
    """

    def __init__(self, control: socket.socket, mark: bytes) -> None:
        self._control = control
        self._mark = mark
        self._first = 0
        self._code: int | None = None
        self._deadline: float | None = None

    def keep(self, command: list[bytes], variables: dict[bytes, bytes]) -> None:
        """Start a command, and return when nothing of it is left.

        Args:
            command: The program and its arguments.
            variables: Its environment variables.
        """
        if self._mark:
            variables = {**variables, MARK_NAME: self._mark}
        else:
            _control_process(_PR_SET_CHILD_SUBREAPER, 1)
        woken = _wake_on_child()
        self._first = os.fork()
        if not self._first:
            self._become(command, variables)
        self._watch(woken)
        self._kill_all()
        # A keeper has no other processes than those of its command.
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = used.ru_maxrss * _MEMORY_UNIT
        seconds = used.ru_utime + used.ru_stime
        _report(self._control, f"ended {self._code} {peak} {seconds:.3f}")

    def _become(self, command: list[bytes], variables: dict[bytes, bytes]) -> None:
        """Turn the forked process into the command."""
        try:
            signal.set_wakeup_fd(-1)
            os.setsid()
            if not self._mark:
                # Should this keeper be killed, its command goes too.
                _control_process(_PR_SET_PDEATHSIG, signal.SIGKILL)
            for number in (*_IGNORED, signal.SIGCHLD, *_RESTORED):
                signal.signal(number, signal.SIG_DFL)
            os.execvpe(command[0], command, variables)  # noqa: S606 - as it was asked for
        except OSError as error:
            _report_error(self._control, error)
        finally:
            os._exit(127)

    def _watch(self, woken: int) -> None:
        """Forward signals until the command has ended."""
        listening: list[socket.socket | int] = [self._control, woken]
        while self._reap() and self._code is None:
            left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
            ready, _, _ = select.select(listening, [], [], left)
            if woken in ready:
                os.read(woken, 4096)
            if self._control in ready and not self._obey():
                listening.remove(self._control)
                self._deadline = time.monotonic() + GRACE
            if self._deadline is not None and time.monotonic() >= self._deadline:
                return

    def _obey(self) -> bool:
        """Forward received signals. Return whether kfpkit is still there."""
        try:
            numbers = self._control.recv(64)
        except ConnectionError:
            numbers = b""
        for number in numbers or [signal.SIGTERM]:
            if number == signal.SIGKILL:
                self._deadline = time.monotonic()
            self._signal_group(number)
        return bool(numbers)

    def _signal_group(self, number: int) -> None:
        # macOS refuses with PermissionError where Linux finds no process.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._first, number)

    def _reap(self) -> bool:
        """Collect ended child processes. Return whether any are left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if not pid:
                return True
            if pid == self._first:
                self._code = os.waitstatus_to_exitcode(status)

    def _kill_all(self) -> None:
        """End the command's session, and all processes that left it."""
        # As long as the command's first process is not reaped, its number is no other group's;
        # after that it is none's while a process of the group lives.
        self._signal_group(signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        pause = 0.001
        while time.monotonic() < deadline:
            has_children = self._reap()
            found = self._marked() if self._mark else _children() if has_children else []
            if not has_children and not found:
                return
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(pause)
            pause = min(2 * pause, 0.1)

    def _marked(self) -> list[int]:
        """Find processes of the command by their variables."""
        import subprocess  # noqa: PLC0415 - Linux does without

        listing = subprocess.run(
            ["/bin/ps", "axeww", "-o", "pid=,command="],
            env={},
            stdout=subprocess.PIPE,
            check=False,
        )
        mark = MARK_NAME + b"=" + self._mark
        return [int(line.split()[0]) for line in listing.stdout.splitlines() if mark in line]


def _children() -> list[int]:
    """Find the child processes of this one, on Linux."""
    own = str(os.getpid()).encode()
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _parent(name) == own]  # noqa: PTH208 - pathlib takes longer to import


def _parent(pid: str) -> bytes:
    """Read a process's parent ID. Empty if the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - as above
            # The second field, the program's name in parentheses, may hold anything.
            return file.read().rpartition(b")")[2].split()[1]
    except (OSError, IndexError):
        return b""


def _wake_on_child() -> int:
    """Return a file descriptor that can be read when a child process has ended."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return woken


def _control_process(option: int, value: int) -> None:
    """Call Linux's `prctl`. Without it, only the command's session is ended."""
    _LIBRARY.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


if __name__ == "__main__":
    main()
