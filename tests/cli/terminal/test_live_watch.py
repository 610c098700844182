"""The live table of `kfpkit submit --wait`."""

from __future__ import annotations

import io

from rich.console import Console

from kfpkit.cli.terminal.live_watch import LiveWatcher, describe_counts
from kfpkit.targets.watching import RunProgress, RunState, TaskProgress

PLACE = "projects/p/locations/l/pipelineJobs"


def watch(*runs, cause=None):
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=12)
    watcher = LiveWatcher(console)
    with watcher.showing():
        for run in runs:
            watcher.see(run)
        for _ in range(2 if cause else 0):
            watcher.wait(cause)
        watcher._describe()
    return console.file.getvalue()


def make_run(name, *tasks):
    return RunProgress(name=f"{PLACE}/{name}", state=RunState.RUNNING, tasks=tasks)


def test_tasks_of_several_runs_are_told_apart():
    task = TaskProgress(name="train", state="running", seconds=5.0)
    shown = watch(make_run("a", task), make_run("b", task))
    assert "a train" in shown
    assert "b train" in shown


def test_a_running_task_goes_on_between_two_answers():
    task = TaskProgress(name="train", state="running", seconds=5.0)
    watcher = LiveWatcher(Console(file=io.StringIO()))
    watcher.see(make_run("a", task))
    name, (progress, seen) = watcher._runs.popitem()
    watcher._runs[name] = (progress, seen - 60)
    [row] = watcher._list_rows()
    assert 64.5 < row.seconds < 66


def test_why_a_service_does_not_answer_is_shown_once():
    shown = watch(make_run("a"), cause="[The service] fails.")
    assert shown.count("[The service] fails. Still trying; the run goes on.") == 1


def test_tasks_are_counted_by_state():
    done = TaskProgress(name="a", state="succeeded")
    idle = TaskProgress(name="b", state="not_triggered")
    assert describe_counts([]) == "0 tasks"
    assert describe_counts([done]) == "1 task: 1 succeeded"
    assert describe_counts([done, idle, done]) == "3 tasks: 2 succeeded, 1 not triggered"
