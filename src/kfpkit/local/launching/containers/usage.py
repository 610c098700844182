"""What a command in a container used: its memory and its processor time.

An engine reports these only while a container runs, and from time to time: the last second and
short peaks would be missing. So the container's first process measures its command, if the command
needs Python anyway. What other commands used isn't known.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import re
from collections.abc import Sequence
from pathlib import Path

from kfpkit.processes import Ending

_MEASURE = Path(__file__).parent / "in_container" / "measure.py"
_FILE = ".kfpkit-usage"
_LINE = re.compile(rb"(\d{1,18}) (\d{1,12}\.\d{3})\n")
_PYTHON = re.compile(r"(.*/)?python[\d.]*", re.DOTALL)
# KFP's own components start it through a shell.
_EXECUTOR = "kfp.dsl.executor_main"


def make_measured(command: Sequence[str]) -> list[str]:
    """Return a command that runs another one and measures it.

    Args:
        command: The other command.

    Returns:
        A command that ends like the other one. The same one, if it may do without Python.
    """
    python = _find_python(command)
    if python is None:
        return list(command)
    return [python, "-S", "-c", _read_measure(), _FILE, *command]


def add_usage(ending: Ending, folder: Path) -> Ending:
    """Return how a command ended, with what it used, if that is known.

    Args:
        ending: How the command ended.
        folder: Its working directory. The container's user may have put anything there.
    """
    found = _LINE.fullmatch(_read_line(folder / _FILE))
    if found is None:
        return ending
    return dataclasses.replace(ending, peak_memory=int(found[1]), cpu_seconds=float(found[2]))


def _find_python(command: Sequence[str]) -> str | None:
    if command and _PYTHON.fullmatch(command[0]):
        return command[0]
    return "python3" if any(_EXECUTOR in each for each in command) else None


@functools.cache
def _read_measure() -> str:
    return _MEASURE.read_text(encoding="utf-8")


def _read_line(file: Path) -> bytes:
    """Return the start of a file. Empty if it is missing or isn't a regular file."""
    try:
        # Neither a link to elsewhere is followed, nor a pipe waited for.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 64)
    except OSError:  # a folder
        return b""
    finally:
        os.close(descriptor)
