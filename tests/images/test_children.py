"""Processes that end with who started them."""

from __future__ import annotations

import os
import sys
import time

import pytest

from kfpkit.images.children import Children

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

    assert process.returncode < 0
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
