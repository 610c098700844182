from __future__ import annotations

import threading
import time

from kfpkit.runs.record import Log, RunState, State, write_record
from tests.runs.records import make_record, make_task, write_run


def test_the_output_of_a_task_is_printed(runs, project):
    write_run(project, make_record())

    assert runs("logs", "latest", "train") == "done\n"
    assert runs("logs", "latest", "train", "--follow") == "done\n"


def test_a_log_is_followed_until_its_task_ends(runs, project):
    log = Log(path="tasks/train/log.txt")
    going_on = make_record(
        state=RunState.RUNNING, tasks=(make_task("train", state=State.RUNNING, log=log),)
    )
    folder = write_run(project, going_on)

    def finish():
        time.sleep(0.5)
        with (folder / log.path).open("a") as file:
            file.write("last words\n")
        ended = make_record(state=RunState.RUNNING, tasks=(make_task("train", log=log),))
        write_record(ended, folder)

    thread = threading.Thread(target=finish)
    thread.start()
    try:
        assert runs("logs", "latest", "train", "--follow") == "done\nlast words\n"
    finally:
        thread.join()


def test_a_task_without_a_log_is_refused(refused, project):
    write_run(project, make_record())

    assert refused("logs", "latest", "load") == (
        "The task `load` of the run `20261102-120000-000-training` has no log: it is in the state "
        '"cached". `kfpkit runs show 20261102-120000-000-training` lists the tasks with their '
        "states."
    )
    assert "has no task `loads`. Did you mean `load`?" in refused("logs", "latest", "loads")


def test_a_file_outside_the_run_is_no_log(refused, project):
    (project / "secret.txt").write_text("secret\n")
    stray = make_task("train", log=Log(path="../../../secret.txt"))
    linked = make_task("load", log=Log(path="tasks/link.txt"))
    folder = write_run(project, make_record())
    write_record(make_record(tasks=(stray, linked)), folder)
    (folder / "tasks").mkdir(exist_ok=True)
    (folder / "tasks/link.txt").symlink_to(project / "secret.txt")

    for task in ("train", "load"):
        assert "which is not in the run's folder" in refused("logs", "latest", task)
