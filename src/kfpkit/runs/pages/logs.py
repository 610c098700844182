"""The end of a log, as text that a page can show."""

from __future__ import annotations

import os
import re
from pathlib import Path

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n\r])")


def read_tail(log: Path, size: int) -> str:
    """Return the last lines of a log. Empty if it can't be read.

    Args:
        log: The log. Only its end is read, however large it is.
        size: The most bytes to read.
    """
    try:
        with log.open("rb") as file:
            start = max(0, os.fstat(file.fileno()).st_size - size)
            file.seek(start)
            content = file.read(size)
    except OSError:
        return ""
    if start:
        # The rest of a line that was cut is left out, unless there is nothing else.
        content = content.partition(b"\n")[2] or content
    return remove_controls(content.decode(errors="replace"))


def remove_controls(text: str) -> str:
    """Return what a terminal shows of a text: no colors, bells or overwritten lines.

    Args:
        text: The text.
    """
    if text.isprintable():
        return text
    plain = _ESCAPES.sub("", text).replace("\r\n", "\n")
    return _CONTROLS.sub("", _OVERWRITTEN.sub("", plain))
