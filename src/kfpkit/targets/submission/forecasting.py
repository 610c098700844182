"""Forecasts of what was planned, from the runs that the target has had."""

from __future__ import annotations

from kfpkit.forecasts import Forecast, forecast_job
from kfpkit.targets.submission.planning import Submission
from kfpkit.targets.submission.sending import take_requests
from kfpkit.targets.vertex import RunRequest
from kfpkit.targets.vertex.service import Connection, list_runs

RUNS = 100
"""The number of earlier runs that a forecast compares with, the latest first."""


def forecast_submission(
    submission: Submission, connection: Connection, *, most: int = RUNS
) -> list[Forecast]:
    """Forecast which tasks of planned runs will be hits of the target's cache. Creates nothing.

    Args:
        submission: What was planned.
        connection: A connection to the target's services.
        most: The largest number of earlier runs of each pipeline, the latest first.

    Returns:
        A forecast for each run, in the order of the pipelines.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    forecasts = []
    for planned, request in take_requests(submission, RunRequest):
        name = planned.template.name
        jobs = list_runs(connection, request.parent, pipeline=name, most=most)
        forecasts.append(forecast_job(request.job, jobs, target=submission.target.name))
    return forecasts
