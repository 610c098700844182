"""Processes that end with who started them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from kfpkit.images.checking.children import Children

QUIET = [sys.executable, "-c", "import time; time.sleep(20)"]
TELLING = [sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(20)"]
SOON = 10


def test_what_goes_wrong_here_ends_the_process():
    started = time.monotonic()

    with pytest.raises(OSError, match="full"), Children().start(QUIET, os.environ):
        raise OSError("full")

    assert time.monotonic() - started < SOON


def test_all_processes_are_ended_and_none_is_started_any_more():
    children = Children()
    started = time.monotonic()

    with children.start(TELLING, os.environ) as process:
        assert process.stdout.readline() == "begun\n"
        children.end()

    assert process.returncode == 128 + signal.SIGKILL
    assert time.monotonic() - started < SOON
    with pytest.raises(InterruptedError), children.start(TELLING, os.environ):
        pass


def test_what_is_no_process_is_ended_too_and_only_while_it_runs():
    children = Children()
    ended = []

    with children.ended_by(lambda: ended.append("first")):
        pass
    with children.ended_by(lambda: ended.append("second")):
        children.end()

    assert ended == ["second"]
    with pytest.raises(InterruptedError), children.ended_by(lambda: ended.append("third")):
        pass


STARTS = """\
import os, sys
from kfpkit.images.checking.children import Children
program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
with Children().start([sys.executable, "-c", program], os.environ) as process:
    print(process.stdout.readline(), end="", flush=True)
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
        ("import os; os.kill(os.getpid(), 15)", 128 + signal.SIGTERM, ""),
        ("import sys; print(repr(sys.stdin.read()))", 0, "''\n"),
    ],
)
def test_output_and_exit_code_are_the_programs(program, code, said):
    with Children().start([sys.executable, "-c", program], os.environ) as process:
        assert process.stdout.read() == said

    assert process.returncode == code


def test_a_program_that_cannot_be_started_says_so():
    with Children().start(["/no/such/docker"], os.environ) as process:
        assert process.stdout.read() == "/no/such/docker: No such file or directory\n"

    assert process.returncode == 127
