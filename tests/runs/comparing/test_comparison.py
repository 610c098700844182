"""What differs between runs of one pipeline."""

from __future__ import annotations

import time

import pytest

from kfpkit.errors import DifferentPipelinesError
from kfpkit.runs.comparing import compare
from kfpkit.runs.record import (
    Artifact,
    CacheUse,
    Component,
    Environment,
    Miss,
    Output,
    Parameter,
    RunState,
    State,
)
from tests.runs.records import make_metrics, make_record, make_task

TEXTS = {"aa": "import numpy\nDEPTH = 3\n", "cc": "import numpy\nDEPTH = 5\n"}


@pytest.fixture
def baseline():
    return make_record("20261101-080000-000-training")


def differing(rows):
    return {(row.group, row.name): row.values for row in rows if row.differs}


def test_equal_runs_differ_in_nothing(baseline):
    comparison = compare([baseline, make_record()], TEXTS)

    assert comparison.summary == "nothing that the records show"
    assert comparison.sources == ((),)
    assert not differing(comparison.parameters + comparison.metrics + comparison.packages)
    assert not any(row.differs for row in comparison.tasks)


def test_parameters_metrics_and_packages_stand_beside_each_other(baseline):
    other = make_record(
        parameters={"rows": Parameter(value=900), "seed": Parameter(value=1)},
        environments={"sklearn": Environment(packages={"numpy": "2.4.0", "scipy": "1.16.2"})},
        tasks=(
            make_task("load", outputs={"rows": Output(value=900)}),
            make_task("train", outputs=make_metrics(accuracy=0.875, loss=0.5)),
        ),
    )

    comparison = compare([baseline, other], TEXTS)

    assert differing(comparison.parameters) == {("", "rows"): (500, 900), ("", "seed"): (None, 1)}
    assert differing(comparison.metrics) == {("train", "accuracy"): (0.75, 0.875)}
    assert [row.change for row in comparison.metrics] == [0.125, 0.0]
    assert differing(comparison.packages) == {("sklearn", "numpy"): ("2.3.4", "2.4.0")}
    assert differing(comparison.outputs) == {("load", "rows"): (500, 900)}
    assert comparison.summary == "2 parameters, 1 lock, 1 output"


def test_another_python_is_a_change_of_its_environment():
    records = [
        make_record(environments={"sklearn": Environment(python=python)})
        for python in ("3.12", "3.13")
    ]

    comparison = compare(records, TEXTS)

    assert differing(comparison.packages) == {("sklearn", "Python"): ("3.12", "3.13")}
    assert comparison.summary == "1 lock"


def test_results_and_classifications_stand_beside_each_other(baseline):
    curves = {"confusionMatrix": {"rows": [{"row": [1, 0]}]}}
    artifact = Artifact(type="system.ClassificationMetrics", metadata=curves)
    other = make_record(
        outputs={"best": Output(value=0.5), "table": Output(artifact=Artifact(uri="t"))},
        tasks=(make_task("train", outputs={"curves": Output(artifact=artifact)}),),
    )

    comparison = compare([baseline, other], TEXTS)

    assert differing(comparison.results) == {("", "best"): (None, 0.5)}
    assert differing(comparison.classifications) == {("train", "curves"): (None, curves)}
    assert ("train", "curves.confusionMatrix") not in differing(comparison.outputs)


def test_a_source_file_that_changed_comes_with_its_tasks_and_its_difference(baseline):
    other = make_record(
        components={
            "train": Component(files={"models.py": "cc", "shared.py": "bb"}),
            "load": Component(files={"shared.py": "bb"}),
        }
    )

    ((change,),) = compare([baseline, other], TEXTS).sources

    assert (change.path, change.tasks) == ("models.py", ("train",))
    assert change.difference == (
        "--- a/models.py\n+++ b/models.py\n@@ -1,2 +1,2 @@\n import numpy\n-DEPTH = 3\n+DEPTH = 5\n"
    )


def test_files_that_came_and_went_are_told(baseline):
    other = make_record(components={"train": Component(files={"shared.py": "bb", "new.py": "cc"})})

    ((gone, come),) = compare([baseline, other], TEXTS).sources

    assert (gone.path, gone.before, gone.after) == ("models.py", "aa", None)
    assert (come.path, come.before, come.after) == ("new.py", None, "cc")
    assert come.difference.startswith("--- /dev/null\n+++ b/new.py\n")


def test_a_file_whose_text_is_not_there_has_no_difference(baseline):
    other = make_record(components={"train": Component(files={"models.py": "cc"})})

    changes = compare([baseline, other], {}).sources[0]

    assert [(change.path, change.difference) for change in changes] == [
        ("models.py", ""),
        ("shared.py", ""),
    ]


def change_lines(step):
    """Return a comparison of a file of 12,000 lines, of which every so many have changed."""
    before = [f"v{number % 400} = {number % 37}\n" for number in range(12_000)]
    after = [line if (number + 1) % step else "changed\n" for number, line in enumerate(before)]
    texts = {"aa": "".join(before), "cc": "".join(after)}
    components = {"train": Component(files={"models.py": "cc", "shared.py": "bb"})}
    records = [make_record(), make_record(components=components)]
    ((change,),) = compare(records, texts).sources
    return change.difference


def test_of_a_large_file_only_a_change_in_one_place_has_a_difference():
    assert change_lines(12_000).count("\n") == 8
    assert change_lines(7_000).count("\n") == 11
    started = time.process_time()
    assert not change_lines(3)
    assert time.process_time() - started < 1


def test_equal_lines_at_both_ends_are_not_counted_twice():
    texts = {"aa": "x\n" * 5, "cc": "x\n" * 6}
    components = {"train": Component(files={"models.py": "cc", "shared.py": "bb"})}
    ((change,),) = compare([make_record(), make_record(components=components)], texts).sources
    assert change.difference.splitlines()[-1] == "+x"


def test_tasks_stand_beside_each_other_with_why_they_ran(baseline):
    miss = (Miss(kind="input", name="rows"), Miss(kind="off"))
    other = make_record(tasks=(make_task("train", state=State.FAILED, cache=CacheUse(miss=miss)),))

    load, train = compare([baseline, other], TEXTS).tasks

    assert [task and task.state for task in load.tasks] == [State.CACHED, None]
    assert load.reasons == ("", "")
    assert train.differs
    assert train.reasons == ("code models.py", "input rows, off")


def test_more_than_two_runs_are_compared_with_the_first(baseline):
    records = [
        make_record(f"2026110{day}-080000-000-training", parameters={"rows": Parameter(value=day)})
        for day in (2, 3)
    ]

    comparison = compare([baseline, *records], TEXTS)

    assert differing(comparison.parameters) == {("", "rows"): (500, 2, 3)}
    assert len(comparison.sources) == 2


def test_a_run_that_goes_on_can_be_compared(baseline):
    other = make_record(state=RunState.RUNNING, seconds=None, tasks=())

    assert compare([baseline, other], TEXTS).summary == "1 output"


def test_runs_of_different_pipelines_are_refused(baseline):
    with pytest.raises(DifferentPipelinesError) as caught:
        compare([baseline, make_record("20261102-080000-000-seed", pipeline="seed")], TEXTS)

    assert str(caught.value) == (
        "Runs of different pipelines cannot be compared:\n"
        "  20261101-080000-000-training: training\n"
        "  20261102-080000-000-seed: seed\n"
        "Choose runs of one pipeline. `kfpkit runs list --pipeline NAME` lists them."
    )
