"""`page.html`: the page of a run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kfpkit.files import replace
from kfpkit.runs.pages.abridgement import abridge_record
from kfpkit.runs.pages.additions import collect_additions
from kfpkit.runs.pages.assets import read_scripts, read_style, read_template
from kfpkit.runs.record import RunRecord

NAME = "page.html"
"""The name of the page in the run's folder."""

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def write_page(record: RunRecord, folder: Path) -> Path:
    """Write the page of a run, which may still go on.

    Args:
        record: The run's record.
        folder: The run's folder, with the logs and reports that the record names.

    Returns:
        The page, a file in the folder.

    Raises:
        OSError: It cannot be written; then an earlier page stays as it was.
    """
    public = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    parts = {
        "style": read_style(),
        "record": _encode(abridge_record(public)),
        "additions": _encode(collect_additions(public, folder)),
        "scripts": read_scripts(),
    }
    # In one pass, since a record may hold the name of a placeholder.
    text = _PLACEHOLDER.sub(lambda found: parts[found[1]], read_template())
    page = folder / NAME
    # Half of a surrogate pair has no UTF-8; it only occurs in JSON, which writes it this way.
    replace(page, text.encode(errors="backslashreplace"))
    return page


def _encode(value: Any) -> str:
    """Return a value as JSON that ends no element of HTML and begins none."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
