"""An interpreter for every task that costs nothing to make."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path


class ThisPython:
    """Runs every task with the Python that runs the tests, whatever its image."""

    def name(self, image: str) -> str:
        return "here"

    def check(self, images: Collection[str]) -> None:
        pass

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        pass

    @contextlib.contextmanager
    def environment(self, image: str, *, scratch: Path) -> Iterator[Path]:
        yield Path(sys.prefix)
