"""Runs on Vertex AI while they are in progress, and why they failed.

- `progress` reads a run's message: its state, and its tasks.
- `watch` asks for runs until they end, less often the longer nothing changes.
- `logs` fetches the last lines of a task's log, which Cloud Logging has.
"""

from __future__ import annotations

from kfpkit.targets.vertex.watching.logs import fetch_log
from kfpkit.targets.vertex.watching.progress import (
    RunProgress,
    RunState,
    TaskProgress,
    read_progress,
)
from kfpkit.targets.vertex.watching.watch import (
    Rhythm,
    SilentWatcher,
    Watcher,
    choose_rhythm,
    watch_runs,
)

__all__ = [
    "Rhythm",
    "RunProgress",
    "RunState",
    "SilentWatcher",
    "TaskProgress",
    "Watcher",
    "choose_rhythm",
    "fetch_log",
    "read_progress",
    "watch_runs",
]
