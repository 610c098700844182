"""The form of all pages: one HTML file with a stylesheet, data, and the scripts that draw it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfpkit.files import replace
from kfpkit.runs.pages.assets import Page, read_scripts, read_style, read_template

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def write_document(file: Path, page: Page, *, data: Mapping[str, Any], otherwise: str) -> None:
    """Write a page in one step, so that a reader never finds half of it.

    Args:
        file: The page to write.
        page: Its kind.
        data: What its scripts read, by the IDs of the elements that contain it.
        otherwise: Where to find the same information without JavaScript.

    Raises:
        OSError: The page cannot be written. An earlier page stays as it was.
    """
    parts = {
        "style": read_style(page),
        "otherwise": otherwise,
        "data": "\n".join(_element(name, value) for name, value in data.items()),
        "scripts": read_scripts(page),
    }
    # In one pass, since a record may contain the name of a placeholder.
    text = _PLACEHOLDER.sub(lambda found: parts[found[1]], read_template())
    # Half of a surrogate pair has no UTF-8 form. It occurs only in JSON, which writes it this way.
    replace(file, text.encode(errors="backslashreplace"))


def _element(name: str, value: Any) -> str:
    """Return data as JSON, in an element that no part of the data can end."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{escaped}</script>'
