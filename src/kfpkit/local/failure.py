"""Why a task failed, read from its log: the author's own part of the last traceback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kfpkit.config import Project
from kfpkit.local.remedies import remedies

_START = "Traceback (most recent call last):"
_CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_FRAME = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>\d+)')
# The start-up code in front of the author's, and KFP's executor that calls it.
_MACHINERY = re.compile(r"<(string|kfpkit bootstrap|frozen .*)>|.*/kfp/dsl/executor(_main)?\.py")
_TAIL = 15
_READ = 256 * 1024


def explain(log: Path, project: Project) -> str:
    """Return the end of a task's log that tells why it failed.

    Args:
        log: The log.
        project: The project, whose files are named as the author knows them.

    Returns:
        The last traceback, with those that it followed from and without frames that are not the
        author's doing, and what helps where something did not ship; without a traceback, the last
        lines.
    """
    lines = _last_lines(log)
    starts = [number for number, line in enumerate(lines) if line == _START]
    if not starts:
        return "\n".join(lines[-_TAIL:])
    first = len(starts) - 1
    while first > 0 and any(
        line in _CHAINED for line in lines[starts[first - 1] + 1 : starts[first]]
    ):
        first -= 1
    end = _to_the_end(lines[starts[first] :])
    return "\n".join([*_authors(end, project), *remedies(end, project)])


def _last_lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _READ))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return [line.rstrip("\r") for line in text.rstrip().split("\n")]


def _to_the_end(lines: Sequence[str]) -> list[str]:
    """Leave out what was written after the traceback."""
    last = max(number for number, line in enumerate(lines) if line == _START)
    for number in range(last + 1, len(lines)):
        if not lines[number].startswith(" "):
            return list(lines[: number + _TAIL])
    return list(lines)


def _authors(lines: Sequence[str], project: Project) -> list[str]:
    kept: list[str] = []
    shown = True
    for line in lines:
        frame = _FRAME.match(line)
        if frame:
            shown = _MACHINERY.fullmatch(frame["file"]) is None
            file = _in_project(Path(frame["file"]), project)
            kept += [line.replace(frame["file"], str(file), 1)] if shown else []
        elif not line.startswith("    "):
            shown = True
            kept.append(line)
        elif shown:
            kept.append(line)
    return kept


def _in_project(file: Path, project: Project) -> Path:
    """Find the author's file for the copy that ran, whose folder is gone."""
    if file.exists():
        return file
    for start in range(1, len(file.parts)):
        relative = Path(*file.parts[start:])
        for root in project.source_roots:
            if (root / relative).is_file():
                return root / relative
    return file
