"""Files that several processes may read and write at the same time."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path


def replace(file: Path, content: bytes) -> None:
    """Write a file as a whole, or leave it unchanged.

    The process's umask determines who can read it.

    Args:
        file: The file. Its folder is created if necessary.
        content: The new content.

    Raises:
        OSError: It can't be written. No partial file is left.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def make_ignored(folder: Path) -> None:
    """Create a folder that git ignores, unless it exists.

    Args:
        folder: The folder.

    Raises:
        OSError: It can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def point(link: Path, target: Path | str) -> None:
    """Create or change a symbolic link. It is never missing in between.

    Args:
        link: The link. Its folder exists.
        target: The new target.

    Raises:
        OSError: It can't be written. No partial link is left.
    """
    unfinished = link.with_name(f".{link.name}.{secrets.token_hex(4)}")
    try:
        unfinished.symlink_to(target)
        unfinished.replace(link)
    finally:
        unfinished.unlink(missing_ok=True)


def read_state(file: Path) -> tuple[int, ...]:
    """Return a value that identifies the state of a file. Empty if the file doesn't exist."""
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return (status.st_mtime_ns, status.st_size, status.st_ino)


@contextlib.contextmanager
def held(lock: Path, *, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold a lock file, which only one thread of one process on this machine can hold.

    Args:
        lock: The lock file. Its folder exists.
        waiting: Called once before a wait, if another process holds it.

    Yields:
        Nothing.

    Raises:
        OSError: The lock file can't be written.
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
