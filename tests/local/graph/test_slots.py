"""A task's share of the processors: what runs and what is about to run counts, and nothing else."""

# ruff: noqa: PLC0415 - a component imports in its body

import json
import threading

import pytest
from kfp import dsl
from local.steps import component

from kfpkit.local.graph.slots import Slots


@component
def share(mine: str = "", seconds: float = 0.0, other: str = "") -> int:
    import os
    import time

    time.sleep(seconds)
    return int(os.environ["OMP_NUM_THREADS"])


@component
def items() -> list:
    return [1, 2, 3]


@pytest.fixture
def shares(run, monkeypatch):
    """Return a function that runs a pipeline on four processors, and gives each task's share."""
    monkeypatch.setattr("local.this_python.ThisPython.processors", 4)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    def go(pipeline, **settings):
        result = run(pipeline, **{"max_parallel": 4, **settings})
        tasks = json.loads(result.folder.summary.read_text())["tasks"]
        return {task["name"]: task["outputs"].get("Output", {}).get("value") for task in tasks}

    return go


def test_a_task_alone_gets_all(shares):
    @dsl.pipeline(name="chain")
    def chain():
        share().after(share())

    assert shares(chain) == {"share": 4, "share-2": 4}


def test_tasks_side_by_side_share(shares):
    @dsl.pipeline(name="siblings")
    def siblings():
        share(mine="a")
        share(mine="b")

    assert shares(siblings) == {"share": 2, "share-2": 2}


def test_tasks_that_wait_for_a_slot_do_not_count(shares):
    @dsl.pipeline(name="crowded")
    def crowded():
        for name in "abcdefgh":
            share(mine=name)

    assert set(shares(crowded, max_parallel=2).values()) == {2}


def test_nobody_gets_less_than_one(shares):
    @dsl.pipeline(name="more")
    def more():
        for name in "abcdefgh":
            share(mine=name)

    assert set(shares(more, max_parallel=8).values()) == {1}


def test_a_sibling_from_the_cache_does_not_count(shares):
    @dsl.pipeline(name="half-cached")
    def half_cached():
        share(mine="a")
        share(mine="b").set_caching_options(False)

    assert shares(half_cached) == {"share": 2, "share-2": 2}
    assert shares(half_cached) == {"share": 2, "share-2": 4}


def test_a_sibling_that_is_skipped_does_not_count(shares):
    @dsl.pipeline(name="branches")
    def branches(word: str = "x"):
        share(mine="a")
        with dsl.If(word == "y"):
            share(mine="b")
        with dsl.Else():
            share(mine="c")

    assert shares(branches) == {"share": 2, "share-2": None, "share-3": 2}


def test_the_tasks_of_loops_and_of_graphs_in_graphs_count(shares):
    @dsl.pipeline
    def inner():
        share(mine="inner")

    @dsl.pipeline(name="nested")
    def nested():
        inner()
        with dsl.ParallelFor([1, 2, 3]) as item:
            share(mine="loop").set_display_name("loop").set_env_variable("X", "y")
            del item

    assert set(shares(nested).values()) == {1}


def test_the_iterations_that_wait_for_another_one_do_not_count(shares):
    @dsl.pipeline(name="narrow")
    def narrow():
        with dsl.ParallelFor([1, 2, 3, 4, 5], parallelism=2):
            share(mine="loop")

    assert set(shares(narrow).values()) == {2}


def test_a_task_that_starts_beside_a_running_one_shares_with_it(shares):
    @dsl.pipeline(name="late")
    def late():
        share(mine="long", seconds=3.0)
        share(mine="second").after(share(mine="first"))

    assert shares(late) == {"share": 2, "share-2": 2, "share-3": 2}


@pytest.mark.parametrize("own", ["pipeline", "configuration", "shell"])
def test_the_authors_own_number_wins(shares, monkeypatch, own):
    @dsl.pipeline(name="own")
    def chosen():
        task = share()
        if own == "pipeline":
            task.set_env_variable("OMP_NUM_THREADS", "3")

    if own == "shell":
        monkeypatch.setenv("OMP_NUM_THREADS", "3")
    variables = {"OMP_NUM_THREADS": "3"} if own == "configuration" else {}
    assert shares(chosen, environment_variables=variables) == {"share": 3}


def test_a_share_waits_until_what_is_due_is_known():
    slots = Slots(width=4, processors=4)
    found = []

    def start():
        with slots.deciding(first), slots.competing(), slots.taken() as processors:
            found.append(processors)

    first, second = slots.expect(2)
    thread = threading.Thread(target=start)
    thread.start()
    with slots.deciding(second), slots.competing():
        thread.join(10)
    assert found == [2]


def test_a_share_does_not_wait_for_what_never_decides(monkeypatch):
    monkeypatch.setattr("kfpkit.local.graph.slots._PATIENCE", 0.05)
    slots = Slots(width=4, processors=4)
    slots.expect(1)
    with slots.competing(), slots.taken() as processors:
        assert processors == 4
