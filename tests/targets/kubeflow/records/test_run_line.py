"""A run on a server becomes a line of a list."""

from datetime import datetime, timezone

from kfpkit.targets.kubeflow.records import describe_line

RUN = {"run_id": "1", "state": "RUNNING", "created_at": "2026-03-01T12:00:40Z"}


def describe(second):
    now = datetime(2026, 3, 1, 12, second // 60, second % 60, tzinfo=timezone.utc)
    return describe_line(RUN, "training", now)


def test_a_run_that_goes_on_has_lasted_until_now():
    assert describe(70).seconds == 30


def test_a_clock_that_is_behind_that_of_the_server_makes_no_negative_time():
    assert describe(30).seconds == 0
