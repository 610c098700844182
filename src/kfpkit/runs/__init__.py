"""Recorded runs: what became of a run, wherever it ran, and what differs between runs.

    run ──writes──▶ RUN/run.json ──record──▶ RunRecord ──▶ list, show, compare
                    RUN/tasks/NAME/log.txt ──────────────▶ logs

Guaranteed:

- A record is read the same way whoever wrote it, and while its run goes on.
- Nothing here changes a run, except that `remove_run` removes one that nothing needs.
"""

from __future__ import annotations

from kfpkit.runs.following import follow_log, read_log
from kfpkit.runs.listing import RunLine, list_runs
from kfpkit.runs.metrics import Metric, format_value, list_metrics
from kfpkit.runs.pruning import OldRun, remove_run, survey_runs

__all__ = [
    "Metric",
    "OldRun",
    "RunLine",
    "follow_log",
    "format_value",
    "list_metrics",
    "list_runs",
    "read_log",
    "remove_run",
    "survey_runs",
]
