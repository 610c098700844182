"""What the verbs that run a pipeline show meanwhile and afterwards, and their exit code."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import typer

from kfpkit.cli import output
from kfpkit.cli.terminal import browser, report
from kfpkit.runs.record import serialize_record

if TYPE_CHECKING:
    from kfpkit.local import RunResult
    from kfpkit.local.record import Progress
    from kfpkit.project import Project

_SIGNAL_BASE = 128  # what shells add to a signal's number


def choose_progress() -> Progress:
    """Return what shows a run: a live table in a terminal, otherwise a line for each change."""
    if sys.stdout.isatty():
        from rich.console import Console

        from kfpkit.cli.terminal.live_progress import LiveProgress

        return LiveProgress(Console())
    from kfpkit.cli.terminal.progress import LineProgress

    return LineProgress()


def show_result(result: RunResult, project: Project) -> None:
    """Print what a run has produced, its failures, and a summary.

    Args:
        result: The run.
        project: The project.
    """
    if result.signal == signal.SIGPIPE:  # nobody reads it
        return
    table = report.make_metrics_table(result)
    if table is not None:
        output.print_table(table)
    for name, value in report.list_products(result):
        typer.echo(f"{name}: {value}")
    for text in report.describe_failures(result, project):
        typer.echo(text, err=True)
    typer.echo(report.describe_end(result), err=not result.succeeded)


def end(result: RunResult, *, opens: bool, as_json: bool) -> NoReturn:
    """End the command as the run ended.

    Args:
        result: The run.
        opens: Whether to open its page in a browser.
        as_json: Whether to print its record.
    """
    if opens and result.page is not None:
        browser.open_page(result.page)
    if as_json:
        facts = json.loads(serialize_record(result.record))
        typer.echo(json.dumps({"folder": str(result.folder.path), **facts}, indent=2))
    if result.signal is not None:
        raise typer.Exit(_SIGNAL_BASE + result.signal)
    raise typer.Exit(0 if result.succeeded else 1)
