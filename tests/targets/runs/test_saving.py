"""Runs of targets become folders on this machine."""

import pytest

from kfpkit.errors import StrayRunError
from kfpkit.project import find_project
from kfpkit.runs.record import RunRecord, RunState, State, Target, Task
from kfpkit.targets.runs import TargetRun, fetch_run, make_folder


class Told:
    """Runs with one failed task of any name, which has one line of output."""

    def __init__(self, name="train", run="run", kind="vertex"):
        task = Task(name=name, state=State.FAILED)
        record = RunRecord(
            id=run,
            pipeline="p",
            state=RunState.FAILED,
            tasks=(task,),
            target=Target(name="dev", kind=kind),
        )
        self._run = TargetRun(record=record, pipeline="")

    def find(self, wanted):
        return wanted

    def fetch(self, run):
        return self._run

    def read_log(self, run, task, *, follows=False, lines=None):
        return iter(["it failed"])


def test_the_log_of_a_failed_task_is_kept(project):
    root = project({})

    folder = fetch_run(Told(), "run", find_project(root))

    assert (folder / "tasks" / "train" / "log.txt").read_text() == "it failed\n"


@pytest.mark.parametrize("name", ["../../outside", "{root}/outside"])
def test_the_name_of_a_task_leads_nowhere_else(project, name):
    root = project({})

    folder = fetch_run(Told(name.format(root=root)), "run", find_project(root))

    assert (folder / "run.json").is_file()
    assert not list(root.rglob("log.txt"))


@pytest.mark.parametrize("kind", ["vertex", "emulator", "kubeflow"])
@pytest.mark.parametrize("run", ["..", "../../outside", "/outside", "a/b", "a\\b", "", ".", "a\n"])
def test_a_run_whose_name_leads_elsewhere_is_refused_before_a_folder_is_made(project, run, kind):
    root = project({})

    with pytest.raises(StrayRunError, match="own pages"):
        fetch_run(Told(run=run, kind=kind), "run", find_project(root))

    assert not (root / ".kfpkit").exists()


@pytest.mark.parametrize("target", ["..", "a/b", ""])
def test_a_target_whose_name_leads_elsewhere_is_refused(project, target):
    with pytest.raises(StrayRunError):
        make_folder(find_project(project({})), target, "run")
