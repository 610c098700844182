"""The files that a run leaves, and what it reports while it is in progress."""

from __future__ import annotations

from kfpkit.local.record.ending import Ending
from kfpkit.local.record.journal import Journal, TaskRecord
from kfpkit.local.record.presence import (
    Sign,
    describe_broken,
    present,
    settle_broken_runs,
    settle_run,
)
from kfpkit.local.record.progress import Progress, Silence
from kfpkit.local.record.recorder import Recorder
from kfpkit.local.record.request import Request, shorten_file
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.revision import ask_revision
from kfpkit.local.record.run_folder import RunFolder, create_run_folder, writing
from kfpkit.local.record.start import Start

__all__ = [
    "Ending",
    "Journal",
    "Progress",
    "Recorder",
    "Request",
    "RunFolder",
    "RunResult",
    "Sign",
    "Silence",
    "Start",
    "TaskRecord",
    "ask_revision",
    "create_run_folder",
    "describe_broken",
    "present",
    "settle_broken_runs",
    "settle_run",
    "shorten_file",
    "writing",
]
