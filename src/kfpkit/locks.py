"""Locks on files, which the kernel releases when their process ends."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def hold_shared(lock: IO[bytes]) -> None:
    """Hold the lock together with others. Waits for an exclusive holder."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def release(lock: IO[bytes]) -> None:
    """Release the lock."""
    fcntl.flock(lock, fcntl.LOCK_UN)


def is_shared_by_others(lock: IO[bytes]) -> bool:
    """Return whether others hold a released lock. If it is free, keep it instead."""
    return not _try_lock(lock, fcntl.LOCK_EX) and _try_lock(lock, fcntl.LOCK_SH)


def is_held(file: Path) -> bool:
    """Return whether a process holds the lock on `file` exclusively."""
    if not file.exists():
        return False
    with file.open("r+b") as lock:
        return not _try_lock(lock, fcntl.LOCK_EX)


def try_alone(lock: IO[bytes]) -> bool:
    """Hold the lock exclusively if it is free, and return whether it was."""
    return _try_lock(lock, fcntl.LOCK_EX)


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until the lock on `file` is free, and hold it exclusively."""
    with file.open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _try_lock(lock: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
