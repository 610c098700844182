"""`page.html`: the page of a run."""

from __future__ import annotations

from pathlib import Path

from kfpkit.runs.pages.abridgement import abridge_record
from kfpkit.runs.pages.additions import collect_additions
from kfpkit.runs.pages.document import write_document
from kfpkit.runs.record import RunRecord

NAME = "page.html"
"""The name of the page in the run's folder."""


def write_page(record: RunRecord, folder: Path) -> Path:
    """Write the page of a run, which may still be in progress.

    Args:
        record: The run's record.
        folder: The run's folder, with the logs and reports that the record names.

    Returns:
        The page, a file in the folder.

    Raises:
        OSError: The page cannot be written. An earlier page stays as it was.
    """
    public = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    data = {"record": abridge_record(public), "additions": collect_additions(public, folder)}
    page = folder / NAME
    write_document(page, "run", data=data, otherwise="The record is in run.json.")
    return page
