"""Follows the graphs of a compiled pipeline, whatever the target, and decides for each task."""

from __future__ import annotations

from kfpkit.forecasts.graph.arguments import Arguments
from kfpkit.forecasts.graph.due_task import DueTask
from kfpkit.forecasts.graph.fingerprint import Fingerprint
from kfpkit.forecasts.graph.forecast import Answer, Forecast, Reason, TaskForecast
from kfpkit.forecasts.graph.graph import forecast_tasks
from kfpkit.forecasts.graph.input_index import InputIndex
from kfpkit.forecasts.graph.invented_job import invented_job
from kfpkit.forecasts.graph.lookups import Hit, Judgement, Lookup, Target
from kfpkit.forecasts.graph.open_values import OpenValue

__all__ = [
    "Answer",
    "Arguments",
    "DueTask",
    "Fingerprint",
    "Forecast",
    "Hit",
    "InputIndex",
    "Judgement",
    "Lookup",
    "OpenValue",
    "Reason",
    "Target",
    "TaskForecast",
    "forecast_tasks",
    "invented_job",
]
