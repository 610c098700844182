from __future__ import annotations

import threading

import pytest

from kfpkit.local.graph.scheduler import run_in_order


def test_a_task_runs_after_what_it_depends_on_and_gets_the_outcomes():
    seen = {}

    def run(name, upstream):
        seen[name] = dict(upstream)
        return name.upper()

    outcomes = run_in_order({"c": ["a", "b"], "b": ["a"], "a": ["elsewhere"]}, run)
    assert outcomes == {"a": "A", "b": "B", "c": "C"}
    assert seen == {"a": {}, "b": {"a": "A"}, "c": {"a": "A", "b": "B"}}
    assert list(seen) == ["a", "b", "c"]


def test_tasks_without_an_order_run_at_once():
    meeting = threading.Barrier(3, timeout=5)
    run_in_order({"a": [], "b": [], "c": []}, lambda name, upstream: meeting.wait())


def test_a_task_does_not_wait_for_one_it_does_not_depend_on():
    free = threading.Event()

    def run(name, upstream):
        if name == "slow":
            assert free.wait(5)
        if name == "second":
            free.set()

    run_in_order({"slow": [], "first": [], "second": ["first"]}, run)


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        run_in_order({"a": ["b"], "b": ["a"]}, lambda name, upstream: None)


def test_nothing_to_run_is_fine():
    assert run_in_order({}, lambda name, upstream: None) == {}
