import collections

import pytest

from benchmarks.images import tasks


def test_the_tasks_of_a_run_are_known_with_their_environments():
    found = collections.Counter(tasks.Tasks().environments)

    assert found == {"gcp": 6, "sklearn": 2, "xgboost-3": 3}


def test_the_longest_chain_holds_no_task_that_runs_beside_it():
    seconds = {"gcp": 1.0, "sklearn": 10.0, "xgboost-3": 100.0}

    # Two tasks train and two evaluate side by side; one predicts.
    assert tasks.Tasks().longest_chain(seconds) == 6 + 3 * 100


def test_a_branch_that_is_not_there_any_more_is_told(monkeypatch):
    monkeypatch.setattr(tasks, "NOT_TAKEN", "exec-batch-predict-9")

    with pytest.raises(SystemExit, match="has no `exec-batch-predict-9`"):
        tasks.Tasks()
