"""What becomes of runs on a target when the command that waits for them is interrupted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from kfpkit.cli import output

if TYPE_CHECKING:
    from kfpkit.targets import SubmittedRun
    from kfpkit.targets.submission import AnyConnection


def settle_runs(runs: Sequence[SubmittedRun], connection: AnyConnection) -> None:
    """Ask on a terminal whether to cancel the runs, too. Otherwise, they go on.

    Args:
        runs: The runs.
        connection: A connection to their target.
    """
    listed = ", ".join(run.id for run in runs)
    output.report_progress("\nInterrupted.")
    # Runs of a Kubeflow server are cancelled on its page.
    if connection.target.kind == "kubeflow" or not _wants_cancellation(listed):
        output.report_progress(f"What was submitted goes on: {listed}.")
        return
    for run in runs:
        _cancel(run, connection)


def _cancel(run: SubmittedRun, connection: AnyConnection) -> None:
    from kfpkit.errors import KfpkitError
    from kfpkit.targets.runs import make_runs

    try:
        state = make_runs(connection, run.project).cancel(run.id)
    except KfpkitError as error:
        output.report_error(str(error))
    else:
        output.report_progress(f"{run.id}: {state}")


def _wants_cancellation(listed: str) -> bool:
    """Ask, where somebody can answer. A further Ctrl-C means no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    try:
        return typer.confirm(f"Cancel {listed}, too?", default=False, err=True)
    except (typer.Abort, KeyboardInterrupt):
        return False
