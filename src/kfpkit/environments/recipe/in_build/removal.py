"""Remove files, and leave the folders as if they had never been there.

The contract: standard input has the files, a line for each; the variable SOURCE_DATE_EPOCH has the
time that folders get. Nothing is called but Python: what goes may be the tools that would do it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def remove(files: Iterable[Path], time: int) -> None:
    """Remove files, and set the times of their folders."""
    folders = set()
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
            folders.add(file.parent)
    for folder in folders:
        os.utime(folder, (time, time))


if __name__ == "__main__":
    names = sys.stdin.read().splitlines()
    remove(map(Path, names), int(os.environ["SOURCE_DATE_EPOCH"]))
