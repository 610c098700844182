"""`kfpkit runs logs`: the output of a task, also while it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli.runs.options import OneRun, open_runs

if TYPE_CHECKING:
    from pathlib import Path


def logs_command(
    run: OneRun,
    task: Annotated[str, typer.Argument(metavar="TASK", help="The task's name.")],
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new output until the task ends.")
    ] = False,
) -> None:
    """Print the output of a task."""
    from kfpkit.runs.history import follow_log, read_log

    source = open_runs()
    folder = source.find(run)
    record = source.read(folder)
    log = source.find_log(folder, record, task)
    blocks = follow_log(log, lambda: _has_ended(folder, task)) if follow else read_log(log)
    for block in blocks:
        sys.stdout.write(block.decode("utf-8", errors="replace"))
        sys.stdout.flush()


def _has_ended(folder: Path, task: str) -> bool:
    from kfpkit.runs.history import find_task
    from kfpkit.runs.record import RunState

    record = open_runs().read(folder)  # a killed run has ended, too
    return record.state is not RunState.RUNNING or find_task(record, task).state.is_final
