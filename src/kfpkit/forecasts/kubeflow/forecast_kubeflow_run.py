"""The forecast of a run on Kubeflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kfpkit.forecasts.graph import Forecast, forecast_tasks, invented_job
from kfpkit.forecasts.kubeflow.inputs import RunValues
from kfpkit.forecasts.kubeflow.pipeline import read_pipeline
from kfpkit.forecasts.kubeflow.successes import describe_scope, normalise, read_successes
from kfpkit.forecasts.kubeflow.target import KubeflowTarget


def forecast_kubeflow_run(
    run: Mapping[str, Any], runs: Iterable[Mapping[str, Any]], *, target: str = "kubeflow"
) -> Forecast:
    """Forecast which tasks of a run on Kubeflow will be hits of its cache.

    Args:
        run: The run that would be created, as in JSON.
        runs: Earlier runs in the namespace, as the server lists them, the latest first. Those of
            pipelines with other names only explain misses.
        target: The target's name.
    """
    pipeline = read_pipeline(run)
    arguments = run["runtime_config"]["parameters"]
    successes = read_successes(runs, pipeline)
    scope = describe_scope(pipeline, arguments)
    with invented_job() as invented:
        tasks = forecast_tasks(
            pipeline.spec,
            normalise(arguments),
            target=KubeflowTarget(
                pipeline=pipeline,
                values=RunValues(scope=scope, passed={}, produced={}),
                successes=successes,
            ),
            job=invented,
        )
    return Forecast(
        pipeline=pipeline.name,
        target=target,
        tasks=tasks,
        successes=successes.count,
        runs=successes.runs,
    )
