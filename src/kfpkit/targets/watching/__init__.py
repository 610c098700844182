"""Runs in progress, whatever their target.

- `progress` is how far a run and its tasks have come.
- `watch` asks for runs until they end, less often the longer nothing changes.
"""

from __future__ import annotations

from kfpkit.targets.watching.progress import RunProgress, RunState, TaskProgress, parse_time
from kfpkit.targets.watching.watch import (
    Ask,
    Rhythm,
    SilentWatcher,
    Watcher,
    choose_rhythm,
    watch_runs,
)

__all__ = [
    "Ask",
    "Rhythm",
    "RunProgress",
    "RunState",
    "SilentWatcher",
    "TaskProgress",
    "Watcher",
    "choose_rhythm",
    "parse_time",
    "watch_runs",
]
