"""Places with records of runs, such as this machine.

A place is one file with one class that implements `RunSource`. The verbs of `kfpkit runs` know only
the record and the logs of a run.
"""

from __future__ import annotations

from kfpkit.runs.history.sources.local_runs import LocalRuns, find_task
from kfpkit.runs.history.sources.run_source import RunSource

__all__ = ["LocalRuns", "RunSource", "find_task"]
