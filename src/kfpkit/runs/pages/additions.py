"""What a page shows beside the record: the ends of logs, and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kfpkit.runs.pages.logs import read_tail, remove_controls

FAILED_TAIL = 16_000
TAIL = 4_000
REPORT = 500_000
"""The size limit for a report in a page."""
REPORTS = 5_000_000
"""The size limit for all reports in a page together; further reports are links."""

COMMANDS = ("runs logs", "runs retry")
"""The commands that a page suggests for a run on this machine."""

_KINDS = {".html": "html", ".md": "text"}


def collect_additions(record: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return what a page adds to the record.

    Args:
        record: The record in its public form.
        folder: The run's folder. Files outside it are not read, even if the record names them.
    """
    folder = folder.resolve()
    tasks = record.get("tasks", ())
    logs = {task["name"]: _read_log(task, folder) for task in tasks}
    is_local = record.get("target", {}).get("kind") == "local"
    return {
        "commands": COMMANDS if is_local else (),
        "logs": {name: tail for name, tail in logs.items() if tail},
        "reports": _collect_reports(tasks, folder),
    }


def _read_log(task: Mapping[str, Any], folder: Path) -> str:
    file = _find(task.get("log", {}).get("path"), folder)
    size = FAILED_TAIL if task["state"] == "failed" else TAIL
    return read_tail(file, size) if file else ""


def _collect_reports(
    tasks: list[Mapping[str, Any]], folder: Path
) -> dict[str, dict[str, dict[str, Any]]]:
    left = REPORTS
    reports: dict[str, dict[str, dict[str, Any]]] = {}
    for task, output, file in _list_reports(tasks, folder):
        size = file.stat().st_size
        report: dict[str, Any] = {"href": quote(file.relative_to(folder).as_posix()), "bytes": size}
        if size <= min(REPORT, left):
            left -= size
            text = file.read_bytes().decode(errors="replace")
            kind = _KINDS[file.suffix]
            report = {kind: text if kind == "html" else remove_controls(text)}
        reports.setdefault(task, {})[output] = report
    for each in tasks:
        for output, cause in each.get("unread_reports", {}).items():
            reports.setdefault(each["name"], {})[output] = {"unread": cause}
    return reports


def _list_reports(tasks: list[Mapping[str, Any]], folder: Path) -> Iterator[tuple[str, str, Path]]:
    for task in tasks:
        for output, path in task.get("pages", {}).items():
            file = _find(path, folder)
            if file is not None and file.suffix in _KINDS:
                yield task["name"], output, file


def _find(path: str | None, folder: Path) -> Path | None:
    """Return a file that a record names, if it is inside the run's folder, a resolved path."""
    try:
        file = folder / path if path else None
        inside = file is not None and file.resolve().is_relative_to(folder)
        return file if inside and file is not None and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
