"""The runs of pipeline jobs: child processes with the author's Python, and what they record.

- `folder` is a job's folder: what its process reads and writes.
- `runner` starts the processes, a few at a time, and follows them.
- `details` and `lineage` make Google's messages of the record of the run.

A job is the state in the database. After a kill, whatever has not ended starts again from the
record of its last run, whose finished tasks it takes.
"""

from __future__ import annotations

from .folder import JobFolder
from .runner import Runner, Settings

__all__ = ["JobFolder", "Runner", "Settings"]
