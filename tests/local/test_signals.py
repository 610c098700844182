"""The first signal ends a block; later ones do something else."""

from __future__ import annotations

import os
import signal

import pytest

from kfpkit.local.signals import Interrupted, interruptible


def send(number):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_ends_the_block(number):
    after = []
    with interruptible(lambda: None) as interruptions, interruptions:
        send(number)
        after.append("not reached")
    assert (interruptions.number, after) == (number, [])


def test_without_a_signal_there_is_no_number():
    with interruptible(lambda: None) as interruptions, interruptions:
        pass
    assert interruptions.number is None


def test_an_interruption_without_a_signal_ends_the_block_too():
    with interruptible(lambda: None) as interruptions, interruptions:
        raise Interrupted(signal.SIGPIPE)
    assert interruptions.number == signal.SIGPIPE


def test_other_errors_pass():
    with (
        pytest.raises(ValueError, match="other"),
        interruptible(lambda: None) as interruptions,
        interruptions,
    ):
        raise ValueError("other")


def test_later_signals_raise_nothing():
    calls = []
    with interruptible(lambda: calls.append("again")) as interruptions:
        with interruptions:
            send(signal.SIGTERM)
        send(signal.SIGTERM)
        send(signal.SIGINT)
    assert calls == ["again", "again"]


def test_after_the_block_no_signal_raises():
    calls = []
    with interruptible(lambda: calls.append("again")) as interruptions:
        with interruptions:
            pass
        send(signal.SIGTERM)
    assert (calls, interruptions.number) == (["again"], None)
