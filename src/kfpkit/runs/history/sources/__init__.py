"""Places that have records of runs: this machine, and others to come.

A place is one file with one class, which has what `RunSource` lists. The verbs of `kfpkit runs`
know no more about a run than its record and its logs.
"""

from __future__ import annotations

from kfpkit.runs.history.sources.local_runs import LocalRuns, find_task
from kfpkit.runs.history.sources.run_source import RunSource

__all__ = ["LocalRuns", "RunSource", "find_task"]
