"""The recorded runs of a place: listing, showing, following and removing them.

    LocalRuns ──names──▶ list_runs ──▶ lines
        └──────folder──▶ RunRecord, logs

Nothing here changes a run. Only `remove_run` removes one that nothing needs.
"""

from __future__ import annotations

from kfpkit.runs.history.following import follow_log, read_log
from kfpkit.runs.history.listing import UNREADABLE, RunLine, list_runs
from kfpkit.runs.history.metrics import Metric, format_value, list_artifacts, list_metrics
from kfpkit.runs.history.pruning import OldRun, remove_run, survey_runs
from kfpkit.runs.history.run_filter import RunFilter
from kfpkit.runs.history.sources import LocalRuns, RunSource, find_task

__all__ = [
    "UNREADABLE",
    "LocalRuns",
    "Metric",
    "OldRun",
    "RunFilter",
    "RunLine",
    "RunSource",
    "find_task",
    "follow_log",
    "format_value",
    "list_artifacts",
    "list_metrics",
    "list_runs",
    "read_log",
    "remove_run",
    "survey_runs",
]
