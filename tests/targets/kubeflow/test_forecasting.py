"""Forecasts of planned runs, from the runs that a Kubeflow server lists."""

from kfpkit.forecasts import Answer
from kfpkit.project import find_project
from kfpkit.targets import plan_submission
from kfpkit.targets.submission import forecast_submission

NODES = [("root-driver", "SUCCEEDED", {}), ("show-driver", "SUCCEEDED", {})]


def forecast(root, want, connection, **options):
    submission = plan_submission(want(**options), find_project(root))
    (found,) = forecast_submission(submission, connection)
    return found


def test_runs_of_the_server_are_compared_and_nothing_is_created(
    root, want, send, server, connection
):
    run = send()
    server.end_run(run.name, "SUCCEEDED", [*NODES, ("show", "SUCCEEDED", {})])
    server.requests.clear()
    found = forecast(root, want, connection)
    assert {task.answer for task in found.tasks} == {Answer.HIT}
    assert {task.run for task in found.tasks} == {run.id}
    assert (found.target, found.runs, found.successes) == ("cluster", 1, 2)
    changed = forecast(root, want, connection, parameters={"text": "b"})
    assert {task.name: task.answer for task in changed.tasks} == {
        "show": Answer.MISS,
        "inner/show": Answer.HIT,
    }
    assert {verb for verb, *_ in server.requests} == {"GET"}


def test_all_pages_are_read(root, want, send, server, connection):
    first = send(parameters={"rows": "9"})
    server.end_run(first.name, "SUCCEEDED", [("show", "SUCCEEDED", {})])
    for number in range(60):
        twin = type(server.runs[first.name])(**server.runs[first.name].to_dict())
        twin.run_id, twin.display_name = f"id-{number}", f"run-{number}"
        twin.runtime_config = {"parameters": {"rows": number + 100}}
        server.runs[twin.run_id] = twin
    found = forecast(root, want, connection, parameters={"rows": "9"})
    assert found.runs == 61
    assert {task.run for task in found.tasks} == {first.id}


def test_a_task_that_failed_runs_again(root, want, send, server, connection):
    different = {"text": "b"}  # the two tasks would otherwise be one
    run = send(parameters=different)
    server.end_run(run.name, "FAILED", [("show", "FAILED", {}), ("show", "SUCCEEDED", {})])
    found = forecast(root, want, connection, parameters=different)
    assert {task.answer for task in found.tasks} == {Answer.MISS}
