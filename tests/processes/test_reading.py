"""Processes whose output is read while they run, and that end with who started them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TextIO

import pytest

from kfpkit.processes import KeptProcess, Processes, StartError

QUIET = [sys.executable, "-c", "import time; time.sleep(20)"]
TELLING = [sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(20)"]
SHORT = [sys.executable, "-c", "import time; time.sleep(0.5)"]
SOON = 10


def read(command) -> contextlib.AbstractContextManager[tuple[TextIO, KeptProcess]]:
    """Start a command whose output is read."""
    return Processes().reading(command, variables=os.environ)


def test_what_goes_wrong_here_ends_the_process():
    started = time.monotonic()

    with pytest.raises(OSError, match="full"), read(QUIET):
        raise OSError("full")

    assert time.monotonic() - started < SOON


def test_a_block_that_ends_early_waits_for_the_process():
    with read(SHORT) as (_, process):
        pass

    assert process.wait().code == 0


def test_all_processes_are_ended_and_none_is_started_any_more():
    processes = Processes()
    started = time.monotonic()

    with processes.reading(TELLING, variables=os.environ) as (lines, process):
        assert lines.readline() == "begun\n"
        processes.kill()

    assert process.wait().code == -signal.SIGKILL
    assert time.monotonic() - started < SOON
    with pytest.raises(InterruptedError), processes.reading(TELLING, variables=os.environ):
        pass


# A shell has what it starts in the background ignore signals of the terminal.
STARTS = """\
import os, signal, sys
from kfpkit.processes import Processes
for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)
program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
command = [sys.executable, "-c", program]
with Processes().reading(command, variables=os.environ) as (lines, process):
    print(lines.readline(), end="", flush=True)
    process.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_ends_with_its_starter_however_that_ends(number):
    with starting() as (starter, pid):
        starter.send_signal(number)

    require_end(pid)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM])
def test_a_process_ends_with_its_starter_when_a_terminal_ends_all_that_it_knows(number):
    with starting() as (starter, pid):
        os.killpg(starter.pid, number)

    require_end(pid)


@contextlib.contextmanager
def starting() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Have a process that has started another one; yields it, and the other's number."""
    command = [sys.executable, "-c", STARTS]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as starter:
        yield starter, int(starter.stdout.readline())


def require_end(pid: int) -> None:
    end = time.monotonic() + SOON
    while is_running(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("print('done')", 0, "done\n"),
        ("import sys; sys.stderr.write('wrong\\n'); sys.exit(3)", 3, "wrong\n"),
        ("import os; os.kill(os.getpid(), 15)", -signal.SIGTERM, ""),
        ("import sys; print(repr(sys.stdin.read()))", 0, "''\n"),
    ],
)
def test_output_and_exit_code_are_the_programs(program, code, said):
    with read([sys.executable, "-c", program]) as (lines, process):
        assert lines.read() == said

    assert process.wait().code == code


def test_what_is_no_utf_8_is_replaced():
    with read([sys.executable, "-c", "import os; os.write(1, b'\\xff')"]) as (lines, _):
        assert lines.read() == "\N{REPLACEMENT CHARACTER}"


def test_a_program_that_cannot_be_started_says_so():
    with (
        pytest.raises(StartError, match="`/no/such/docker` cannot be started: No such file"),
        read(["/no/such/docker"]) as (lines, _),
    ):
        assert lines.read() == ""
