"""Pausing Python's garbage collector."""

import gc

import pytest

from kfpkit import collector


@pytest.fixture(autouse=True)
def _as_before():
    yield
    gc.enable()


def test_it_is_off_while_the_context_lasts_and_on_again_afterwards():
    with collector.paused():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_it_is_on_again_after_an_error():
    with pytest.raises(ZeroDivisionError), collector.paused():
        _ = 1 / 0

    assert gc.isenabled()


def test_it_stays_off_where_it_was_off():
    gc.disable()
    with collector.paused():
        pass

    assert not gc.isenabled()


def test_pauses_inside_each_other_end_with_the_outer_one():
    with collector.paused():
        with collector.paused():
            pass
        assert not gc.isenabled()
