"""The page of a run that has ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kfpkit.local.record.run_folder import RunFolder
from kfpkit.runs.pages import write_page
from kfpkit.runs.record import read_record


def write_run_page(folder: RunFolder, report: Callable[[str], object]) -> Path | None:
    """Write the page of a run from its record.

    Args:
        folder: The run's folder, with its record.
        report: Called with a line if the page can't be written.

    Returns:
        The page; None if it can't be written, which doesn't change how the run ended.
    """
    try:
        return write_page(read_record(folder.path), folder.path)
    except Exception as error:  # noqa: BLE001 - a run that has ended doesn't fail for its picture
        cause = str(error) or type(error).__name__
        report(f"The page of the run can't be written: {cause.removesuffix('.')}.")
        return None
