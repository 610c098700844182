"""Runs on Vertex AI while they are in progress, and why they failed.

- `progress` reads a run's message: its state, and its tasks.
- `logs` fetches the last lines of a task's log, which Cloud Logging has.
"""

from __future__ import annotations

from kfpkit.targets.vertex.watching.logs import fetch_log
from kfpkit.targets.vertex.watching.progress import fetch_progress, read_progress

__all__ = ["fetch_log", "fetch_progress", "read_progress"]
