"""Forecasts: which tasks of a run will be taken from the execution cache, and why others will run.

Nothing is started. A forecast follows the graphs of a compiled pipeline as a run would. A task that
is in the cache has the outputs of its earlier success, so its dependents' inputs are known. A task
that runs has outputs that aren't known yet, or are certainly new. Each task is therefore:

- a hit, if an earlier success has its key,
- a miss, if none can have it, whatever the values turn out to be,
- open, if that hangs on a value that a task will produce,
- skipped, if its condition is false, or
- not predicted, where the documentation of the target doesn't say.

`graph` follows the graphs and decides for each task. `local`, `vertex` and `kubeflow` are the kinds
of targets: each has a key, and a source of earlier successes.
"""

from __future__ import annotations

from kfpkit.forecasts.graph import Answer, Forecast, Reason, TaskForecast
from kfpkit.forecasts.kubeflow import forecast_kubeflow_run
from kfpkit.forecasts.local import forecast_run
from kfpkit.forecasts.vertex import forecast_job

__all__ = [
    "Answer",
    "Forecast",
    "Reason",
    "TaskForecast",
    "forecast_job",
    "forecast_kubeflow_run",
    "forecast_run",
]
