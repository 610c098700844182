"""A run's message says how far it has come."""

from datetime import datetime, timezone

import pytest

from kfpkit.targets.vertex.watching import read_progress
from kfpkit.targets.watching import RunState
from kfpkit.vertex import parse_message

NOW = datetime(2026, 3, 1, 12, 1, tzinfo=timezone.utc)
JOBS = "projects/1/locations/l/customJobs"
JOB = {
    "name": "projects/1/locations/l/pipelineJobs/x",
    "state": "PIPELINE_STATE_FAILED",
    "startTime": "2026-03-01T12:00:00Z",
    "endTime": "2026-03-01T12:00:30.5Z",
    "error": {"code": 9, "message": "The task train failed."},
    "jobDetail": {
        "taskDetails": [
            {"taskId": "1", "taskName": "x", "state": "FAILED"},
            {"taskId": "2", "parentTaskId": "1", "taskName": "condition-1", "state": "FAILED"},
            {
                "taskId": "4",
                "parentTaskId": "2",
                "taskName": "train",
                "state": "FAILED",
                "startTime": "2026-03-01T12:00:10.123456789Z",
                "endTime": "2026-03-01T12:00:20.123456789Z",
                "error": {"code": 9, "message": "exit code 1"},
                "executorDetail": {
                    "containerDetail": {
                        "mainJob": f"{JOBS}/7",
                        "failedMainJobs": [f"{JOBS}/5", f"{JOBS}/6"],
                    }
                },
            },
            {
                "taskId": "3",
                "parentTaskId": "1",
                "taskName": "split",
                "state": "SKIPPED",
                "startTime": "2026-03-01T12:00:01Z",
            },
            {"taskId": "5", "parentTaskId": "1", "taskName": "report", "state": "NOT_TRIGGERED"},
        ]
    },
}


def test_a_run_has_its_tasks_without_groups_in_the_order_of_their_start():
    progress = read_progress(parse_message("PipelineJob", JOB), NOW)

    assert (progress.state, progress.seconds) == (RunState.FAILED, 30.5)
    assert progress.error == "The task train failed."
    assert [(task.name, task.state, task.seconds) for task in progress.tasks] == [
        ("split", "cached", 59.0),
        ("train", "failed", 10.0),
        ("report", "not_triggered", None),
    ]
    assert progress.tasks[1].error == "exit code 1"
    assert progress.tasks[1].job == f"{JOBS}/6"
    assert [task.has_failed for task in progress.tasks] == [False, True, False]


def test_the_job_of_a_task_has_its_log():
    detail = {"taskId": "1", "executorDetail": {"containerDetail": {"mainJob": f"{JOBS}/7"}}}
    job = parse_message("PipelineJob", {"jobDetail": {"taskDetails": [detail]}})
    assert read_progress(job).tasks[0].job == f"{JOBS}/7"
    detail["executorDetail"] = {"customJobDetail": {"job": f"{JOBS}/8"}}
    job = parse_message("PipelineJob", {"jobDetail": {"taskDetails": [detail]}})
    assert read_progress(job).tasks[0].job == f"{JOBS}/8"


@pytest.mark.parametrize(
    ("number", "state", "is_final"),
    [
        (0, RunState.UNKNOWN, False),
        (1, RunState.QUEUED, False),
        (2, RunState.PENDING, False),
        (3, RunState.RUNNING, False),
        (4, RunState.SUCCEEDED, True),
        (5, RunState.FAILED, True),
        (6, RunState.CANCELLING, False),
        (7, RunState.CANCELLED, True),
        (8, RunState.PAUSED, True),
        (99, RunState.UNKNOWN, False),
    ],
)
def test_every_state_of_vertex_ai_is_known(number, state, is_final):
    progress = read_progress(parse_message("PipelineJob", {"state": number}))
    assert (progress.state, progress.state.is_final) == (state, is_final)
    assert progress.seconds is None
