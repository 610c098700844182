"""`kfpkit runs list`: the runs of a project, newest first."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import open_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kfpkit.runs.history import RunLine

_LIMIT = 20


def list_command(
    pipeline: Annotated[
        str | None, typer.Option(metavar="NAME", help="List only runs of this pipeline.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="STATE", help="List only runs in this state, such as failed."),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, help="List at most N runs. 0 lists all runs.")
    ] = _LIMIT,
    as_json: AsJson = False,
) -> None:
    """List runs, newest first."""
    from kfpkit.runs.history import list_runs

    _require_state(state)
    lines = list(list_runs(open_runs(), pipeline=pipeline, state=state, limit=limit or None))
    if as_json:
        typer.echo(json.dumps([_collect_facts(line) for line in lines], indent=2))
    elif lines:
        _print_table(lines)
    elif pipeline or state:
        typer.echo("No runs match.")
    else:
        typer.echo("No runs found. To run a pipeline, use `kfpkit run PIPELINE`.")


def _require_state(state: str | None) -> None:
    from kfpkit.runs.history import UNREADABLE
    from kfpkit.runs.record import RunState

    known = [*(each.value for each in RunState), UNREADABLE]
    if state is not None and state not in known:
        choices = ", ".join(f"`{each}`" for each in known)
        raise typer.BadParameter(f"Choose one of {choices}.", param_hint="--state")


def _collect_facts(line: RunLine) -> dict[str, Any]:
    return {
        **dataclasses.asdict(line),
        "started": None if line.started is None else line.started.isoformat(),
    }


def _print_table(lines: Sequence[RunLine]) -> None:
    from rich.table import Table

    table = Table(box=None)
    table.add_column("Run", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Pipeline", no_wrap=True)
    table.add_column("Duration", no_wrap=True, justify="right")
    table.add_column("Cached", no_wrap=True, justify="right")
    table.add_column("Metric", overflow="fold")
    for line in lines:
        table.add_row(
            line.name,
            line.state,
            line.pipeline,
            "" if line.seconds is None else f"{line.seconds:.1f} s",
            f"{line.cached}/{line.tasks}" if line.tasks else "",
            "" if line.metric is None else f"{line.metric.name} {line.metric.text}",
        )
    output.print_table(table, styled=False)
