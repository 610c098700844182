"""Runs on Vertex AI while they are in progress, and why they failed.

- `progress` reads a run's message: its state, and its tasks.
- `logs` fetches a task's log, or the last lines of it. Cloud Logging has it.
"""

from __future__ import annotations

from kfpkit.targets.vertex.watching.logs import LogEntry, fetch_log, list_log
from kfpkit.targets.vertex.watching.progress import fetch_progress, read_progress

__all__ = ["LogEntry", "fetch_log", "fetch_progress", "list_log", "read_progress"]
