"""Forecasts of what was planned, from the runs that the target has had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kfpkit.forecasts import Forecast, forecast_job, forecast_kubeflow_run
from kfpkit.targets.kubeflow import KubeflowRequest, get_spec
from kfpkit.targets.kubeflow.service import KubeflowConnection
from kfpkit.targets.kubeflow.service import list_runs as list_kubeflow_runs
from kfpkit.targets.submission.connecting import AnyConnection
from kfpkit.targets.submission.planning import Submission
from kfpkit.targets.submission.sending import take_requests
from kfpkit.targets.vertex import RunRequest
from kfpkit.targets.vertex.service import Connection, list_runs

RUNS = 100
"""The number of earlier runs that a forecast compares with, the latest first."""

_LISTED = 5  # times as many runs of all pipelines are looked through on Kubeflow


def forecast_submission(
    submission: Submission, connection: AnyConnection, *, most: int = RUNS
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
    if isinstance(connection, KubeflowConnection):
        return _forecast_kubeflow(submission, connection, most)
    return _forecast_vertex(submission, connection, most)


def _forecast_vertex(submission: Submission, connection: Connection, most: int) -> list[Forecast]:
    forecasts = []
    for planned, request in take_requests(submission, RunRequest):
        name = planned.template.name
        condition = f"pipeline_name={json.dumps(name)}"
        jobs = list_runs(connection, request.parent, condition=condition, most=most)
        forecasts.append(forecast_job(request.job, jobs, target=submission.target.name))
    return forecasts


def _forecast_kubeflow(
    submission: Submission, connection: KubeflowConnection, most: int
) -> list[Forecast]:
    # Runs can't be filtered by their pipelines.
    every = list_kubeflow_runs(connection, sort_by="created_at desc")
    listed = list(islice(every, most * _LISTED))
    return [
        forecast_kubeflow_run(
            request.body,
            _take_runs(listed, planned.template.name, most),
            target=submission.target.name,
        )
        for planned, request in take_requests(submission, KubeflowRequest)
    ]


def _take_runs(runs: list[dict[str, Any]], pipeline: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield runs until there are enough of a pipeline, with those of others in between."""
    for run in runs:
        spec = get_spec(run.get("pipeline_spec"))
        most -= spec.get("pipelineInfo", {}).get("name") == pipeline
        if most < 0:
            return
        yield run
