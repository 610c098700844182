"""Finds what is unused in the user's cache, and removes it.

All projects of a user share the cache. A virtual environment records its users: the environment of
a project, or a requirements file of an installed kfpkit. It stays while one of these still names
it, while a process uses it, and if nothing is recorded.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.environments.finding import find_environment
from kfpkit.environments.text_digests import compute_short_digest
from kfpkit.environments.venvs import users, venvs
from kfpkit.environments.venvs.inventory import is_finished
from kfpkit.errors import KfpkitError, UnknownEnvironmentError
from kfpkit.project import find_project

_UNFINISHED = ".making-"
_REMOVED = ".removing-"


@dataclass(frozen=True, kw_only=True)
class Remnant:
    """A folder of the cache.

    Args:
        path: The folder.
        kept_by: What still names it, or why it stays. Empty if it can be removed.
        size: The bytes that its removal frees, without files that uv's cache shares.
    """

    path: Path
    kept_by: str
    size: int = 0

    @property
    def can_go(self) -> bool:
        """Whether it is unused."""
        return not self.kept_by


def survey_cache() -> list[Remnant]:
    """Survey all virtual environments of the cache, and what builds have left there.

    Returns:
        The folders, by name.
    """
    folder = venvs.locate_cache_folder() / "venvs"
    found = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    return [_survey(path) for path in found]


def clean_cache() -> list[Remnant]:
    """Remove everything that is unused.

    Returns:
        The surveyed folders. `can_go` shows which ones were removed.

    Raises:
        OSError: A folder can't be removed.
    """
    return [_remove(remnant) if remnant.can_go else remnant for remnant in survey_cache()]


def _survey(path: Path) -> Remnant:
    if _REMOVED in path.name:
        kept_by = ""
    elif _UNFINISHED in path.name:
        with _building_stopped(path) as stopped:
            kept_by = "" if stopped else "a process that is creating it"
    else:
        kept_by = _find_keeper(path)
    return Remnant(path=path, kept_by=kept_by, size=0 if kept_by else _measure_freed(path))


def _find_keeper(venv: Path) -> str:
    """Return what keeps a virtual environment. Empty if it can be removed."""
    with users.unused(venv) as is_unused:
        if not is_unused:
            return "a process that uses it"
    if not is_finished(venv):
        return ""
    recorded = users.read_users(venv)
    if not recorded:
        return "an earlier kfpkit, which did not record its users"
    return next((user for user in recorded if _names(Path(user), venv)), "")


def _names(source: Path, venv: Path) -> bool:
    """Return whether an environment, or a requirements file, names a virtual environment now."""
    try:
        if source.is_file():
            key = compute_short_digest(source.read_text(encoding="utf-8"))
            return f"-{key}-" in venv.name
        if not source.is_dir():
            return False
        environment = find_environment(find_project(source.parent), source.name)
        return venv.name.startswith(f"{environment.name}-{environment.content.packages_hash}-")
    except UnknownEnvironmentError:
        return False
    except (OSError, KfpkitError):
        # What cannot be read now may name it once it is mended.
        return True


def _remove(remnant: Remnant) -> Remnant:
    path = remnant.path
    if _UNFINISHED in path.name or _REMOVED in path.name:
        shutil.rmtree(path)
        return remnant
    with users.unused(path) as is_unused, _building_stopped(path) as stopped:
        if not (is_unused and stopped):
            return Remnant(path=path, kept_by="a process that uses it")
        aside = path.with_name(f"{path.name}{_REMOVED}{secrets.token_hex(4)}")
        path.rename(aside)
        users.forget_users(path)
    shutil.rmtree(aside)
    return remnant


@contextlib.contextmanager
def _building_stopped(path: Path) -> Iterator[bool]:
    """Prevent others from creating a virtual environment. Yields whether none does."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - few commands need it

    base = path.name.partition(_UNFINISHED)[0]
    lock = FileLock(path.with_name(f"{base}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _measure_freed(path: Path) -> int:
    """Add up the sizes of the files to which no other folder links."""
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            found = Path(folder, name).lstat()
            size += found.st_size if found.st_nlink == 1 else 0
    return size
