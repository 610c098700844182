"""Logs, read while their task writes them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kfpkit.errors import UnreadableRunError

_BLOCK = 1 << 16
_PAUSE = 0.2


def read_log(log: Path, *, tail: int | None = None) -> Iterator[bytes]:
    """Yield a log, in blocks.

    Args:
        log: The file.
        tail: The largest number of bytes from its end, beginning with a whole line (default: all).

    Raises:
        UnreadableRunError: It can't be read.
    """
    with _reading(log), log.open("rb") as file:
        if tail is not None and log.stat().st_size > tail:
            file.seek(-tail, 2)
            file.readline()
        while block := file.read(_BLOCK):
            yield block


def follow_log(log: Path, is_final: Callable[[], bool]) -> Iterator[bytes]:
    """Yield a log, and what its task adds to it.

    Args:
        log: The file.
        is_final: Returns whether its task has ended, so that nothing more is added.

    Raises:
        UnreadableRunError: It can't be read.
    """
    with _reading(log), log.open("rb") as file:
        while True:
            # Asked before the file is read, so that nothing written in between is missed.
            ended = is_final()
            while block := file.read(_BLOCK):
                yield block
            if ended:
                return
            time.sleep(_PAUSE)


@contextlib.contextmanager
def _reading(log: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableRunError(file=log, cause=error.strerror or str(error)) from error
