"""Runs that start no more tasks after the first failure."""

import pytest
from kfp import dsl
from local.steps import fail, say, stamp
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.local import run_pipeline


@dsl.pipeline(name="side-by-side")
def side_by_side(path: str = "x"):
    """Fail on one side, while the other has tasks to do."""
    fail()
    first = stamp(seconds=1.5)
    say(text=path).after(first)


@dsl.pipeline(name="one-by-one")
def one_by_one():
    """Fail in the first iteration."""
    with dsl.ParallelFor([0, 1, 2], parallelism=1) as number:
        with dsl.If(number == 0):
            fail()
        with dsl.If(number != 0):
            say(text="later")


@dsl.pipeline(name="last")
def last(text: str) -> str:
    """Do something in two steps."""
    return say(text=say(text=text, times=2).output).output


@dsl.pipeline(name="ending")
def ending():
    """Do something in the end, whatever has failed."""
    failed = fail()
    last(text="end").after(failed).ignore_upstream_failure()


@pytest.fixture
def run(project):
    folder = project({})

    def start(pipeline, **options):
        file = compile_pipeline(pipeline, folder / "pipeline.yaml")
        return run_pipeline(file, launcher=ThisPython(), **options)

    return start


def test_what_does_not_depend_on_a_failure_runs_unless_the_run_fails_fast(run, states):
    result = run(side_by_side, fails_fast=True)
    assert states(result) == {"fail": "failed", "stamp": "succeeded", "say": "not started"}
    assert [each.name for each in result.failures] == ["fail"]
    assert states(run(side_by_side))["say"] == "succeeded"


def test_later_iterations_do_not_start(run, states):
    found = states(run(one_by_one, fails_fast=True))
    later = [state for name, state in found.items() if name.endswith("/say")]
    assert sorted(later)[:1] == ["not started"]
    assert "succeeded" not in later
    assert "succeeded" in states(run(one_by_one)).values()


def test_what_runs_however_the_rest_ends_runs_with_all_its_tasks(run, states):
    assert states(run(ending, fails_fast=True)) == {
        "fail": "failed",
        "last/say": "succeeded",
        "last/say-2": "succeeded",
    }
