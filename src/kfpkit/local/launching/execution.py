"""A command that is to run, with what it needs."""

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
    """A command with what it needs.

    Args:
        command: The program and its arguments.
        variables: The environment variables that are its own; those of its place come beside them.
        threads: How many threads its libraries start, unless a variable of the author's says
            otherwise; None leaves it to them.
        timeout: After how many seconds it is ended; None lets it run.
        folder: Its working directory, which it may write to.
        log: The file that its output is added to.
        reads: Files and folders that it reads.
        writes: Folders that it writes to.
        keeps_entrypoint: Whether `command` is only what the image's own entry point is given.
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
