"""The page of a comparison of runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kfpkit.runs.pages.abridgement import (
    abridge_metadata,
    abridge_record,
    abridge_value,
)
from kfpkit.runs.pages.contrasts import describe_differences, describe_rows, describe_tasks
from kfpkit.runs.pages.document import write_document
from kfpkit.runs.pages.page import NAME
from kfpkit.runs.record import RunRecord

if TYPE_CHECKING:  # each run imports this package, and only some compare
    from kfpkit.runs.comparing import Comparison

_ROWS = ("parameters", "results", "metrics", "outputs")
_FACTS = {"id", "state", "started", "seconds", "command", "target", "configuration", "revision"}


def write_comparison(comparison: Comparison, folders: Sequence[Path], file: Path) -> None:
    """Write the page of a comparison.

    Args:
        comparison: The comparison.
        folders: The folders of the runs, in the same order. The page links to the runs' pages.
        file: The page to write.

    Raises:
        OSError: The page cannot be written. An earlier page stays as it was.
    """
    pairs = zip(comparison.records, folders, strict=True)
    described: dict[str, Any] = {
        "pipeline": abridge_value(comparison.records[0].pipeline),
        "runs": [_describe_run(record, folder, file.parent) for record, folder in pairs],
        "changes": comparison.changes,
        **{name: describe_rows(getattr(comparison, name)) for name in _ROWS},
        "classifications": describe_rows(comparison.classifications, abridge=abridge_metadata),
        "knows_packages": bool(comparison.packages),
        "packages": describe_rows([row for row in comparison.packages if row.differs]),
        "tasks": describe_tasks(comparison),
        "sources": describe_differences(comparison.sources),
    }
    otherwise = "`kfpkit runs compare` prints the comparison in a terminal."
    write_document(file, "comparison", data={"comparison": described}, otherwise=otherwise)


def _describe_run(record: RunRecord, folder: Path, beside: Path) -> dict[str, Any]:
    facts = record.model_dump(mode="json", include=_FACTS, exclude_none=True)
    origins = {name: each.origin for name, each in record.parameters.items() if each.origin}
    page = folder / NAME
    return abridge_record(
        {
            **facts,
            "kfpkit": record.kfpkit or "",
            "origins": origins,
            "states": [task.state.value for task in record.tasks],
            **({"page": _link(page, beside)} if page.is_file() else {}),
        }
    )


def _link(page: Path, beside: Path) -> str:
    """Return the address of a run's page from the folder of the comparison's page."""
    return quote(Path(os.path.relpath(page.resolve(), beside.resolve())).as_posix())
