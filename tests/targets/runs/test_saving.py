"""Runs of targets become folders on this machine."""

import pytest

from kfpkit.project import find_project
from kfpkit.runs.record import RunRecord, RunState, State, Task
from kfpkit.targets.runs import TargetRun, fetch_run


class Told:
    """Runs with one failed task of any name, which has one line of output."""

    def __init__(self, name):
        task = Task(name=name, state=State.FAILED)
        record = RunRecord(id="run", pipeline="p", state=RunState.FAILED, tasks=(task,))
        self._run = TargetRun(record=record, pipeline="")

    def find(self, wanted):
        return wanted

    def fetch(self, run):
        return self._run

    def read_log(self, run, task, *, follows=False, lines=None):
        return iter(["it failed"])


def test_the_log_of_a_failed_task_is_kept(project):
    root = project({})

    folder = fetch_run(Told("train"), "run", find_project(root))

    assert (folder / "tasks" / "train" / "log.txt").read_text() == "it failed\n"


@pytest.mark.parametrize("name", ["../../outside", "{root}/outside"])
def test_the_name_of_a_task_leads_nowhere_else(project, name):
    root = project({})

    folder = fetch_run(Told(name.format(root=root)), "run", find_project(root))

    assert (folder / "run.json").is_file()
    assert not list(root.rglob("log.txt"))
