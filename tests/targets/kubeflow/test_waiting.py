"""Runs on a Kubeflow server are waited for until they end, whatever their end is."""

import threading
import time

import pytest
from kubeflow_server import BEFORE

from kfpkit.errors import KubeflowLoginError, MissingResourceError
from kfpkit.targets.kubeflow import read_progress
from kfpkit.targets.watching import RunState


class Recorder:
    def __init__(self):
        self.states, self.causes = [], []

    def see(self, progress):
        self.states.append(progress.state)

    def wait(self, cause):
        self.causes.append(cause)


def end_later(server, run, state, tasks=(), error=None):
    def end():
        time.sleep(0.1)
        server.end_run(run.name, state, tasks, error)

    thread = threading.Thread(target=end)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("SUCCEEDED", RunState.SUCCEEDED),
        ("FAILED", RunState.FAILED),
        ("CANCELED", RunState.CANCELLED),
        ("SKIPPED", RunState.SKIPPED),
        ("PAUSED", RunState.PAUSED),
    ],
)
def test_every_end_is_an_end(send, server, wait_for, state, expected):
    run = send()
    thread = end_later(server, run, state)
    ended = wait_for(run, seconds=20)
    thread.join()
    assert (ended.state, ended.name) == (expected, run.name)


def test_a_run_that_is_cancelled_ends(send, server, wait_for):
    run = send()
    server.terminate_run(run.name)
    assert wait_for(run, seconds=20).state is RunState.CANCELLED


def test_the_time_has_a_limit(send, wait_for):
    assert wait_for(send(), seconds=0.1).state is RunState.PENDING


def test_tasks_are_those_of_the_pipeline(send, server, wait_for):
    run = send()
    nodes = [
        ("one-7ab2c", "FAILED", {}),
        ("root-driver", "SUCCEEDED", {}),
        ("show-driver", "SUCCEEDED", {}),
        ("executor", "FAILED", {}),
        ("inner", "SUCCEEDED", {}),
        ("show", "FAILED", {}),
        ("show", "SUCCEEDED", {}),
    ]
    server.end_run(run.name, "FAILED", nodes, error="show has failed")
    ended = wait_for(run)
    assert [(task.name, task.state) for task in ended.tasks] == [
        ("show", "failed"),
        ("show", "succeeded"),
    ]
    assert ended.error == "show has failed"
    assert (ended.seconds, ended.tasks[0].seconds) == (7.0, 7.0)


def test_a_network_that_fails_does_not_end_the_wait(send, server, wait_for):
    run = send()
    recorder = Recorder()
    server.faults.extend([BEFORE] * 300)
    thread = end_later(server, run, "SUCCEEDED")
    ended = wait_for(run, watcher=recorder, seconds=30)
    thread.join()
    assert ended.state is RunState.SUCCEEDED
    assert any("can't be reached" in cause for cause in recorder.causes)


def test_a_login_that_expires_is_reported(send, server, wait_for):
    run = send()
    server.token = "renewed"
    with pytest.raises(KubeflowLoginError, match="the token is not valid"):
        wait_for(run)


def test_a_run_that_is_deleted_is_reported(send, server, wait_for):
    run = send()
    del server.runs[run.name]
    with pytest.raises(MissingResourceError, match="it may have been deleted"):
        wait_for(run)


def test_an_error_in_the_history_of_states_is_shown():
    history = [
        {"state": "RUNNING"},
        {"state": "FAILED", "error": {"code": 9, "message": "The pod was evicted."}},
    ]
    task = {"display_name": "train", "state": "FAILED", "state_history": history}
    run = {"state": "FAILED", "state_history": history, "run_details": {"task_details": [task]}}
    found = read_progress(run)
    assert (found.error, found.tasks[0].error) == ("The pod was evicted.", "The pod was evicted.")


def test_a_run_without_its_pipeline_shows_what_is_no_driver():
    nodes = ["root", "train-driver", "train", "executor"]
    details = [{"display_name": each, "state": "RUNNING"} for each in nodes]
    run = {"run_id": "1", "state": "RUNNING", "run_details": {"task_details": details}}
    assert [task.name for task in read_progress(run).tasks] == ["train"]
