"""Temporary folders that are removed soon after their process ends, for any reason.

Next to each folder is a lock file, which the operating system releases when the process ends. If
the lock of a folder is free, the folder is unused, and the next call removes it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kfpkit import locks

_PREFIX = "kfpkit"
_SUFFIX = ".lock"


@contextlib.contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """Provide a private temporary folder. Removes those of killed processes first.

    Args:
        purpose: A word for its name, `kfpkit-PURPOSE-…`.

    Yields:
        The folder. It is removed afterwards, with its content.

    Raises:
        OSError: It can't be created.
    """
    root = Path(tempfile.gettempdir())
    _remove_abandoned(root)
    with _new_lock(root, purpose) as lock:
        folder = lock.with_suffix("")
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _new_lock(root: Path, purpose: str) -> Iterator[Path]:
    while True:
        lock = root / f"{_PREFIX}-{purpose}-{secrets.token_hex(4)}{_SUFFIX}"
        with lock.open("xb") as file:
            # Until it is held, another process may take it for abandoned, and remove it.
            if locks.try_alone(file) and _is_same(file, lock):
                try:
                    yield lock
                finally:
                    lock.unlink(missing_ok=True)
                return


def _remove_abandoned(root: Path) -> None:
    for lock in root.glob(f"{_PREFIX}-*{_SUFFIX}"):
        with (
            contextlib.suppress(OSError),  # another user's, a link, or gone in the meantime
            os.fdopen(os.open(lock, os.O_RDWR | os.O_NOFOLLOW), "r+b") as file,
        ):
            if os.fstat(file.fileno()).st_uid == os.getuid() and locks.try_alone(file):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink()


def _is_same(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
