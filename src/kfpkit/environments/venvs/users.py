"""The users of a virtual environment in the cache: locks that name it, and running processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kfpkit import locks

_MANY = 200


def record_user(venv: Path, source: Path) -> None:
    """Record a user of a virtual environment, which `kfpkit env clean` can check later.

    Args:
        venv: The virtual environment's folder, which need not exist.
        source: The environment's folder, or the requirements file.

    Raises:
        OSError: The record can't be written.
    """
    user = str(source.absolute())
    if user in read_users(venv):
        return
    record = _locate_record(venv)
    record.parent.mkdir(parents=True, exist_ok=True)
    with record.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = read_users(venv)
        if len(known) >= _MANY:  # most are temporary projects of tests, which are gone
            file.truncate(0)
            file.write(_lines(each for each in known if Path(each).exists()))
        file.write(_lines([user]))


def read_users(venv: Path) -> list[str]:
    """Return the recorded users of a virtual environment, including former ones.

    Args:
        venv: The virtual environment's folder.
    """
    try:
        return _locate_record(venv).read_bytes().decode(errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []


@contextlib.contextmanager
def in_use(venv: Path) -> Iterator[None]:
    """Prevent the removal of a virtual environment until the context, or the process, ends.

    Args:
        venv: The virtual environment's folder, which need not exist.

    Yields:
        Nothing.
    """
    sign = _locate_sign(venv)
    with contextlib.ExitStack() as stack:
        # A cache that only others write to is theirs to clean.
        with contextlib.suppress(OSError):
            sign.parent.mkdir(parents=True, exist_ok=True)
            locks.hold_shared(stack.enter_context(sign.open("ab")))
        yield


def use_until_exit(venv: Path) -> None:
    """Keep a virtual environment until this process ends, even if it becomes another program.

    Args:
        venv: The virtual environment's folder.
    """
    with contextlib.suppress(OSError):  # as above
        descriptor = os.open(_locate_sign(venv), os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - its only form


@contextlib.contextmanager
def unused(venv: Path) -> Iterator[bool]:
    """Prevent new uses of a virtual environment until the context ends.

    Args:
        venv: The virtual environment's folder.

    Yields:
        Whether it is unused.
    """
    with _locate_sign(venv).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def forget_users(venv: Path) -> None:
    """Remove the record of a virtual environment's users.

    Args:
        venv: The virtual environment's folder.
    """
    _locate_record(venv).unlink(missing_ok=True)


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode(errors="surrogateescape")


def _locate_record(venv: Path) -> Path:
    return venv.with_name(f"{venv.name}.users")


def _locate_sign(venv: Path) -> Path:
    return venv.with_name(f"{venv.name}.use")
