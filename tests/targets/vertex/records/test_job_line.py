"""A run's message becomes a line of a list."""

from datetime import datetime, timezone

from kfpkit.targets.vertex.records import describe_line
from kfpkit.vertex import parse_message

JOB = {
    "name": "projects/1/locations/l/pipelineJobs/x",
    "displayName": "training",
    "state": "PIPELINE_STATE_RUNNING",
    "startTime": "2026-03-01T12:00:00Z",
}


def describe(second, **changes):
    now = datetime(2026, 3, 1, 12, 0, second, tzinfo=timezone.utc)
    return describe_line(parse_message("PipelineJob", {**JOB, **changes}), now)


def test_a_run_that_goes_on_has_lasted_until_now():
    line = describe(30)
    assert (line.name, line.pipeline, line.state, line.seconds) == ("x", "training", "running", 30)


def test_a_clock_that_is_behind_that_of_the_service_makes_no_negative_time():
    started = "2026-03-01T12:00:40Z"
    assert describe(30, startTime=started).seconds == 0
    ended = {"endTime": "2026-03-01T12:00:45Z", "state": "PIPELINE_STATE_FAILED"}
    assert describe(30, startTime=started, **ended).seconds == 5


def test_a_run_that_has_not_started_has_no_time():
    assert describe_line(parse_message("PipelineJob", {"name": JOB["name"]})).seconds is None
