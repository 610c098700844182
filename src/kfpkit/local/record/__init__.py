"""What a run leaves on the disk, and what it reports while it goes on."""

from __future__ import annotations

from kfpkit.local.record.journal import Journal, TaskRecord
from kfpkit.local.record.page import write_run_page
from kfpkit.local.record.pages import write_pages
from kfpkit.local.record.presence import describe_broken, present, settle_broken_runs
from kfpkit.local.record.progress import Progress, Silence
from kfpkit.local.record.recorder import Recorder
from kfpkit.local.record.request import Request, shorten_file
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.revision import ask_revision
from kfpkit.local.record.run_folder import RunFolder, create_run_folder, writing
from kfpkit.local.record.start import Start

__all__ = [
    "Journal",
    "Progress",
    "Recorder",
    "Request",
    "RunFolder",
    "RunResult",
    "Silence",
    "Start",
    "TaskRecord",
    "ask_revision",
    "create_run_folder",
    "describe_broken",
    "present",
    "settle_broken_runs",
    "shorten_file",
    "write_pages",
    "write_run_page",
    "writing",
]
