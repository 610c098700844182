"""A launcher for every task that has nothing to prepare."""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from kfpkit.local.launching.execution import Launch
from kfpkit.local.launching.venv_launcher import launch_in
from kfpkit.processes import Processes
from kfpkit.runs.record import Environment


class ThisPython:
    """Runs every task with the Python that runs the tests, whatever its image."""

    place = ""
    processors = 2

    def __init__(self) -> None:
        self.processes = Processes()

    def name(self, image: str) -> str:
        return "here"

    def check(self, images: Collection[str]) -> None:
        pass

    def describe(self) -> dict[str, Environment]:
        return {"here": Environment(python=platform.python_version())}

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        pass

    @contextlib.contextmanager
    def ready(self, image: str, *, scratch: Path) -> Iterator[Launch]:
        yield launch_in(Path(sys.prefix), self.processes, Path.cwd())
