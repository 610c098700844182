"""What waits for the end of a run, as the program that it is."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kfpkit.local.launching.containers.in_watcher import watch

PROGRAM = "import sys; print('became', sys.argv[1], flush=True)"


@pytest.fixture
def watcher():
    """Start the program; it becomes one that prints a word."""
    own = [sys.executable, "-c", PROGRAM, "another"]
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", watch.__file__, *own],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    yield process
    process.kill()
    process.communicate()


def test_nothing_follows_a_run_that_ends_by_itself(watcher):
    said, _ = watcher.communicate(watch.OVER, timeout=60)
    assert (said, watcher.returncode) == (b"", 0)


@pytest.mark.parametrize("written", [b"", b"ove"])
def test_a_program_follows_a_run_that_was_killed(watcher, written):
    said, _ = watcher.communicate(written, timeout=60)
    assert (said, watcher.returncode) == (b"became another\n", 0)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
def test_signals_of_a_terminal_change_nothing(watcher):
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    while not ignored(watcher.pid).issuperset(numbers):
        assert watcher.poll() is None
        time.sleep(0.01)
    for number in numbers:
        watcher.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):
        watcher.wait(0.2)
    said, _ = watcher.communicate(watch.OVER, timeout=60)
    assert (said, watcher.returncode) == (b"", 0)


def ignored(process):
    status = Path(f"/proc/{process}/status").read_text()
    mask = int(re.search(r"^SigIgn:\s*(\w+)$", status, re.MULTILINE)[1], 16)
    return {number for number in signal.valid_signals() if mask >> (number - 1) & 1}
