"""Forecasts of planned runs, from the runs that a target lists."""

from kfpkit.forecasts import Answer
from kfpkit.project import find_project
from kfpkit.targets import plan_submission
from kfpkit.targets.submission import forecast_submission

PATH = "/v1/projects/my-project/locations/europe-west4/pipelineJobs"


def finish(request, number, rows):
    """Return a run as Vertex AI lists it."""
    task = {
        "taskId": "2",
        "taskName": "show",
        "state": "SUCCEEDED",
        "execution": {"state": "COMPLETE", "metadata": {"input:rows": rows}},
    }
    name = f"{request.parent}/pipelineJobs/one-{number}"
    return {**request.body, "name": name, "jobDetail": {"taskDetails": [task]}, "newField": 1}


def test_all_pages_are_compared_and_nothing_is_created(root, want, server, connection):
    submission = plan_submission(want("one"), find_project(root))
    request = submission.runs[0].request
    pages = {"": [finish(request, 1, 4.0)], "second": [finish(request, 2, 3.0)]}

    def answer(_, query, __):
        assert query["filter"] == ['pipeline_name="one"']
        token = query.get("pageToken", [""])[0]
        return 200, {"pipelineJobs": pages[token], "nextPageToken": "" if token else "second"}

    server.answers["GET", PATH] = answer
    (found,) = forecast_submission(submission, connection)
    (task,) = found.tasks
    assert (task.answer, task.run) == (Answer.HIT, "one-2")
    assert (found.target, found.runs, found.successes) == ("dev", 2, 2)
    (latest,) = forecast_submission(submission, connection, most=1)
    assert (latest.tasks[0].answer, latest.runs) == (Answer.MISS, 1)
    assert {verb for verb, *_ in server.requests} == {"GET"}
