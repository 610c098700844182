"""Locks on files, which the kernel takes back from a process that ends."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def hold_shared(lock: IO[bytes]) -> None:
    """Hold the lock together with others; wait for one who holds it alone."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def release(lock: IO[bytes]) -> None:
    """Let the lock go."""
    fcntl.flock(lock, fcntl.LOCK_UN)


def is_shared_by_others(lock: IO[bytes]) -> bool:
    """Tell whether others hold a lock that this process has let go; else keep it, if it is free."""
    return not _try_lock(lock, fcntl.LOCK_EX) and _try_lock(lock, fcntl.LOCK_SH)


def is_held(file: Path) -> bool:
    """Tell whether somebody holds the lock on `file` alone."""
    if not file.exists():
        return False
    with file.open("r+b") as lock:
        return not _try_lock(lock, fcntl.LOCK_EX)


def try_alone(lock: IO[bytes]) -> bool:
    """Hold the lock alone if it is free, and tell whether it was."""
    return _try_lock(lock, fcntl.LOCK_EX)


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock on `file`, and hold it."""
    with file.open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _try_lock(lock: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
