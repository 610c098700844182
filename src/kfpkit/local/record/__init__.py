"""What a run leaves on the disk, and what it reports while it goes on."""

from __future__ import annotations

from kfpkit.local.record.journal import Journal, TaskRecord
from kfpkit.local.record.pages import write_pages
from kfpkit.local.record.presence import describe_broken, present, settle_broken_runs
from kfpkit.local.record.progress import Progress, Silence
from kfpkit.local.record.recorder import Recorder
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.run_folder import RunFolder, create_run_folder, writing
from kfpkit.local.record.start import describe_start

__all__ = [
    "Journal",
    "Progress",
    "Recorder",
    "RunFolder",
    "RunResult",
    "Silence",
    "TaskRecord",
    "create_run_folder",
    "describe_broken",
    "describe_start",
    "present",
    "settle_broken_runs",
    "write_pages",
    "writing",
]
