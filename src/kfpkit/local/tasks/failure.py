"""Why a task failed, read from its log: the author's own part of the last traceback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.local.record import shorten_file
from kfpkit.local.tasks.frames import START, find_authors_line, show_frames
from kfpkit.local.tasks.remedies import find_remedies
from kfpkit.project import Project
from kfpkit.runs.record import Place

_CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_TAIL = 15
_READ = 256 * 1024


def explain(log: Path, project: Project) -> str:
    """Return the end of a task's log, which explains its failure.

    Args:
        log: The log.
        project: The project. Its files get the names that the author knows.

    Returns:
        The last traceback, with those that caused it, as `show_frames` shows them, and advice if
        something didn't ship. Without a traceback, the last lines.
    """
    lines = _read_last_lines(log)
    starts = _find_starts(lines)
    if not starts:
        return "\n".join(lines[-_TAIL:])
    first = len(starts) - 1
    while first > 0 and any(
        line in _CHAINED for line in lines[starts[first - 1] + 1 : starts[first]]
    ):
        first -= 1
    end = lines[starts[first] : _find_end(lines) + _TAIL]
    return "\n".join([*show_frames(end, project), *find_remedies(end, project)])


def read_exception(log: Path) -> str:
    """Return the exception that ended a task, with its message. Empty without a traceback.

    Args:
        log: The task's log.
    """
    lines = _read_last_lines(log)
    if not _find_starts(lines):
        return ""
    exception = _find_exception(lines)
    return "\n".join(lines[exception : exception + _TAIL])


def find_place(log: Path, project: Project) -> Place | None:
    """Return the author's line that raised the exception that ended a task.

    Args:
        log: The task's log.
        project: The project. Its files get the names that the author knows.

    Returns:
        The place. None if there is no traceback, or if it has none of the author's lines.
    """
    lines = _read_last_lines(log)
    starts = _find_starts(lines)
    found = (
        find_authors_line(lines[starts[-1] : _find_exception(lines)], project) if starts else None
    )
    if found is None:
        return None
    file, line = found
    return Place(file=shorten_file(file, project.root), line=line)


def _read_last_lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _READ))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return [line.rstrip("\r") for line in text.rstrip().split("\n")]


def _find_starts(lines: Sequence[str]) -> list[int]:
    """Return where tracebacks begin, except those inside a group of exceptions."""
    return [
        number
        for number, line in enumerate(lines)
        if START.fullmatch(line) and line.startswith(("Traceback", "  + Exception Group"))
    ]


def _find_exception(lines: Sequence[str]) -> int:
    """Return the position of the last traceback's exception, after its frames."""
    start = _find_starts(lines)[-1]
    margin = "" if lines[start].startswith("Traceback") else "  | "
    for number in range(start + 1, len(lines)):
        if not lines[number].removeprefix(margin).startswith(" "):
            return number
    return len(lines)


def _find_end(lines: Sequence[str]) -> int:
    """Return the end of the last traceback: its exception, or the end of a group of them."""
    for number in range(_find_exception(lines), len(lines)):
        if not lines[number].startswith(" "):
            return number
    return len(lines)
