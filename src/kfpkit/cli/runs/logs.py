"""`kfpkit runs logs`: the output of a task, also while it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.runs.options import OneRun, open_runs, read_address

if TYPE_CHECKING:
    from kfpkit.targets.runs import RunAddress


def logs_command(
    run: OneRun,
    task: Annotated[str, typer.Argument(metavar="TASK", help="The task's name.")],
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new output until the task ends.")
    ] = False,
) -> None:
    """Print the output of a task."""
    from kfpkit.runs.history import follow_log, read_log

    address = read_address(run)
    if address is not None:
        _print_there(address, task, follows=follow)
        return
    source = open_runs()
    folder = source.find(run)
    record = source.read(folder)
    log = source.find_log(folder, record, task)
    blocks = follow_log(log, lambda: _has_ended(folder, task)) if follow else read_log(log)
    for block in blocks:
        sys.stdout.write(block.decode("utf-8", errors="replace"))
        sys.stdout.flush()


def _print_there(address: RunAddress, task: str, *, follows: bool) -> None:
    """Print the output of a task of a target."""
    from kfpkit.project import find_project
    from kfpkit.targets.runs import opening_runs

    with opening_runs(find_project(Path.cwd()), address.target, output.report_progress) as runs:
        for line in runs.read_log(runs.find(address.run), task, follows=follows):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def _has_ended(folder: Path, task: str) -> bool:
    from kfpkit.runs.history import find_task
    from kfpkit.runs.record import RunState

    record = open_runs().read(folder)  # a killed run has ended, too
    return record.state is not RunState.RUNNING or find_task(record, task).state.is_final
