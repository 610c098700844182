"""Runs a task's command in its container, and measures it: `python3 -S -c … FILE COMMAND…`.

The container launcher reads this file as text and never imports it. No engine reports what a
container used after it has ended, so the container's first process measures it. The contract:

- The command is a child process. It gets the signals that the container gets, as in a cluster,
  where the launcher of the back end is the first process.
- When the command has ended, `FILE` in the working directory has one line, `PEAK SECONDS`: the
  largest resident memory of a process in bytes, and the processor time of all that have ended.
- This process ends like the command, which ends the container: with its exit code, or with 128 and
  the number of the signal that ended it.

It runs on every Python 3 and uses only the standard library.
"""

import contextlib
import os
import signal
import sys

_UNIT = 1024  # bytes, in which Linux counts `ru_maxrss`
_FORWARDED = {
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
}
# Python ignores these, and an ignored signal stays ignored in the next program.
_RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)


def main() -> None:
    """Run the command, write what it used, and end like it."""
    file, command = sys.argv[1], sys.argv[2:]
    # A signal that comes before the command has started waits for it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
    child = os.fork()
    if not child:
        _become(command, before)
    for each in _FORWARDED:
        signal.signal(each, lambda number, _: _forward(child, number))
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    status = _wait(child, file)
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def _become(command: "list[str]", mask: "set[int | signal.Signals]") -> None:
    """Turn the forked process into the command."""
    try:
        for number in _RESTORED:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.execvp(command[0], command)  # noqa: S606 - the task's command
    except OSError as error:
        sys.stderr.write(f"The program `{command[0]}` can't be started: {error.strerror}.\n")
        sys.stderr.flush()
    finally:
        os._exit(127)


def _forward(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended
        os.kill(child, number)


def _wait(child: int, file: str) -> int:
    """Collect processes until the command's ends. Return its status."""
    peak, seconds = 0, 0.0
    while True:
        # Processes that the command left behind become children of the first process.
        pid, status, used = os.wait4(-1, 0)
        peak = max(peak, used.ru_maxrss)
        seconds += used.ru_utime + used.ru_stime
        if pid == child:
            _write(file, f"{peak * _UNIT} {seconds:.3f}\n")
            return status


def _write(name: str, line: str) -> None:
    """Write the line. Without it, what the command used isn't known."""
    with contextlib.suppress(OSError):
        if os.path.lexists(name):
            os.unlink(name)  # noqa: PTH108 - pathlib takes longer to import
        with open(name, "x", encoding="ascii") as file:  # noqa: PTH123 - as above
            file.write(line)


if __name__ == "__main__":
    main()
