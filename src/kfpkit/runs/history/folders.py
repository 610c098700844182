"""The folders of a project's runs on this machine."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from kfpkit.errors import UnreadableRunError
from kfpkit.project import Project

RUNS = "runs"
"""The folder of all runs, in the project's state folder."""
_STAMP = "%Y%m%d-%H%M%S"
_STAMP_LENGTH = 15


def list_run_names(project: Project) -> list[str]:
    """Return the names of a project's runs, from the newest to the oldest.

    Args:
        project: The project.

    Raises:
        UnreadableRunError: The folder of all runs cannot be read.
    """
    folder = project.state / RUNS
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name for entry in entries if _is_run(entry)), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UnreadableRunError(file=folder, cause=error.strerror or str(error)) from error


def measure_age(folder: Path) -> float:
    """Return the seconds since a run started.

    Args:
        folder: The run's folder.
    """
    try:
        started = dt.datetime.strptime(folder.name[:_STAMP_LENGTH], _STAMP).astimezone().timestamp()
    except ValueError:  # renamed
        started = folder.stat().st_mtime
    return dt.datetime.now(tz=dt.timezone.utc).timestamp() - started


def _is_run(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
