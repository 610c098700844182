"""Removal of old runs' folders, except those that the cache or another run needs."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors import UnprunableRunError
from kfpkit.project import Project
from kfpkit.runs.history.folders import RUNS, list_run_names, measure_age
from kfpkit.runs.record import NAME

_FOLDER = re.compile(r'/([^/\\"]+)')
# A name that is no part of a path, as where a cached value comes from, needs nothing in the folder,
# unless the run goes on: a retry takes tasks from the run that it names.
_NAME = re.compile(r'[/"]([^/\\"]+)')
_RUNNING = "running.lock"


@dataclass(frozen=True, kw_only=True)
class OldRun:
    """A run that could be removed.

    Args:
        folder: Its folder.
        kept_by: Why it stays. Empty if it can be removed.
        size: The size of its files in bytes. 0 if it stays.
    """

    folder: Path
    kept_by: str = ""
    size: int = 0

    @property
    def can_go(self) -> bool:
        """Whether nothing needs it."""
        return not self.kept_by


def survey_runs(project: Project, *, keep: int, older_than: float | None = None) -> list[OldRun]:
    """Find the runs that can be removed.

    Args:
        project: The project.
        keep: The number of newest runs that always stay, at least 1.
        older_than: The age in seconds that a run must have to be removed. None for any age.

    Returns:
        All runs except the newest ones, from the newest to the oldest.
    """
    names = list_run_names(project)
    folder = project.state / RUNS
    old = [
        OldRun(folder=folder / name, kept_by=_find_use(folder / name, older_than))
        for name in names[keep:]
    ]
    return _keep_needed(old, project, newest=names[:keep])


def remove_run(run: OldRun) -> None:
    """Remove a run's folder. What is left if this fails doesn't look like a run.

    Args:
        run: A run that can be removed.

    Raises:
        UnprunableRunError: It can't be removed.
    """
    removed = run.folder.with_name(f".removed-{secrets.token_hex(4)}")
    try:
        run.folder.rename(removed)
        shutil.rmtree(removed)
    except OSError as error:
        raise UnprunableRunError(folder=run.folder, cause=error.strerror or str(error)) from error


def _find_use(folder: Path, older_than: float | None) -> str:
    if (folder / _RUNNING).exists():
        return "it is running"
    if older_than is not None and measure_age(folder) < older_than:
        return "its age"
    return ""


def _keep_needed(old: list[OldRun], project: Project, *, newest: Iterable[str]) -> list[OldRun]:
    """Keep the runs that the cache or a kept run refers to, directly or indirectly."""
    known = {run.folder.name: run for run in old}
    reasons = {name: run.kept_by for name, run in known.items() if run.kept_by}
    for entry in sorted((project.state / "cache").glob("*.json")):
        for name in _find_names(entry, known):
            reasons.setdefault(name, "the cache")
    waiting = [*newest, *reasons]
    while waiting:
        name = waiting.pop()
        for needed in _find_names(project.state / RUNS / name / NAME, known):
            if needed != name and needed not in reasons:
                reasons[needed] = f"the run {name}"
                waiting.append(needed)
    return [
        OldRun(folder=run.folder, kept_by=reasons[name])
        if name in reasons
        else OldRun(folder=run.folder, size=sum(_list_sizes(run.folder)))
        for name, run in known.items()
    ]


def _find_names(file: Path, known: Iterable[str]) -> set[str]:
    """Find the runs whose folders a JSON file needs."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return set()
    pattern = _NAME if file.with_name(_RUNNING).exists() else _FOLDER
    return set(pattern.findall(text)).intersection(known)


def _list_sizes(folder: Path) -> Iterator[int]:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            yield file.stat().st_size
