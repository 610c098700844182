"""Files that several processes may read and write at a time."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path


def replace(file: Path, content: bytes) -> None:
    """Write a file that is there as a whole, or stays as it was.

    It is readable by whom the process's umask allows.

    Args:
        file: The file; its folder is made when it is not there.
        content: What it is to hold.

    Raises:
        OSError: It cannot be written; nothing is left of what was begun.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def make_ignored(folder: Path) -> None:
    """Make a folder that git ignores, unless it is there.

    Args:
        folder: The folder.

    Raises:
        OSError: It cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def point(link: Path, target: Path | str) -> None:
    """Make a symbolic link, or let it point to something else; it is never missing in between.

    Args:
        link: The link; its folder exists.
        target: What it is to point to.

    Raises:
        OSError: It cannot be written; nothing is left of what was begun.
    """
    unfinished = link.with_name(f".{link.name}.{secrets.token_hex(4)}")
    try:
        unfinished.symlink_to(target)
        unfinished.replace(link)
    finally:
        unfinished.unlink(missing_ok=True)


def read_state(file: Path) -> tuple[int, ...]:
    """Tell apart states of a file, for what is kept of it in memory: empty when it is not there."""
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return (status.st_mtime_ns, status.st_size, status.st_ino)


@contextlib.contextmanager
def held(lock: Path, *, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold a lock file, which one thread of one process of this machine can do at a time.

    Args:
        lock: The lock file; its folder exists.
        waiting: Called once when another holds it, before the wait.

    Yields:
        Nothing.

    Raises:
        OSError: The lock file cannot be written.
    """
    # Who only compiles holds no lock, and should not wait for the import.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    taken = FileLock(lock)
    try:
        taken.acquire(blocking=False)
    except Timeout:
        waiting()
        taken.acquire()
    try:
        yield
    finally:
        taken.release()
