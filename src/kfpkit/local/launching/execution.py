"""A command to run, with everything that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kfpkit.local.launching.variables import TaskVariables

if TYPE_CHECKING:
    from kfpkit.processes import Ending


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A command to run, with everything that it needs.

    Args:
        command: The program and its arguments.
        variables: Its own environment variables. The launcher adds others.
        threads: The number of threads for its libraries, unless the author sets it. None leaves it
            to them.
        timeout: The time limit in seconds. None for no limit.
        folder: Its working directory, which is writable.
        log: The file to append its output to.
        reads: Files and folders that it reads.
        writes: Folders that it writes to.
        keeps_entrypoint: Whether `command` contains only arguments for the image's entry point.
    """

    command: Sequence[str]
    variables: TaskVariables = field(default_factory=TaskVariables)
    threads: int | None = None
    timeout: float | None = None
    folder: Path
    log: Path
    reads: Sequence[Path] = ()
    writes: Sequence[Path] = ()
    keeps_entrypoint: bool = False


Launch = Callable[[Execution], "Ending | None"]
"""Runs a command to its end; returns how it ended, or None when the run was stopped."""
