"""`kfpkit runs list`: earlier runs, newest first."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import open_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kfpkit.runs.history import RunFilter, RunLine

_LIMIT = 20


def list_command(
    target: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="List the runs of this target in pyproject.toml."),
    ] = None,
    pipeline: Annotated[
        str | None, typer.Option(metavar="NAME", help="List only runs of this pipeline.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="STATE", help="List only runs in this state, such as failed."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="List only runs from this time on: an age such as 12h or 30d, or a date such as "
            "2026-11-01 or 2026-11-01T09:30.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="List only runs from before this time.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="List only runs with this label. Repeatable."),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, help="List at most N runs. 0 lists all runs.")
    ] = _LIMIT,
    as_json: AsJson = False,
) -> None:
    """List runs on this machine or of a target, newest first."""
    from kfpkit.runs.history import RunFilter, list_runs

    _require_state(state, target)
    wanted = RunFilter(
        pipeline=pipeline,
        state=state,
        since=_parse_time(since, "--since"),
        until=_parse_time(until, "--until"),
        labels=dict(_parse_label(text) for text in label or ()),
    )
    if target is None:
        lines = list(list_runs(open_runs(), wanted=wanted, limit=limit or None))
    else:
        lines = _list_there(target, wanted, limit or None)
    if as_json:
        typer.echo(json.dumps([_collect_facts(line) for line in lines], indent=2))
    elif lines:
        _print_table(lines)
    elif wanted != RunFilter():
        typer.echo("No runs match.")
    elif target is not None:
        typer.echo(
            f"The target `{target}` has no runs. To create one, use "
            f"`kfpkit submit PIPELINE --target {target}`."
        )
    else:
        typer.echo("No runs found. To run a pipeline, use `kfpkit run PIPELINE`.")


def _list_there(target: str, wanted: RunFilter, limit: int | None) -> list[RunLine]:
    """List the runs of a target, by the names that other verbs take."""
    from kfpkit.kfp_imports import import_without_client

    import_without_client()
    from kfpkit.project import find_project
    from kfpkit.targets.runs import opening_runs

    with opening_runs(find_project(Path.cwd()), target, output.report_progress) as runs:
        found = runs.list_runs(wanted, limit)
    return [dataclasses.replace(line, name=f"{target}:{line.name}") for line in found]


def _require_state(state: str | None, target: str | None) -> None:
    from kfpkit.runs.history import UNREADABLE
    from kfpkit.runs.record import RunState

    here, there = (RunState.BROKEN_OFF,), (RunState.WAITING, RunState.PAUSED)
    left_out = there if target is None else here
    known = [each.value for each in RunState if each not in left_out]
    known += [UNREADABLE] if target is None else []
    if state is not None and state not in known:
        choices = ", ".join(f"`{each}`" for each in known)
        raise typer.BadParameter(f"Choose one of {choices}.", param_hint="--state")


def _parse_time(text: str | None, option: str) -> dt.datetime | None:
    """Read an age or a date. A date without a time zone is in that of this machine."""
    from kfpkit.durations import parse_duration

    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    except ValueError:
        pass
    try:
        age = dt.timedelta(seconds=parse_duration(text))
    except ValueError:
        raise typer.BadParameter(
            f"`{text}` is neither an age, such as 12h or 30d, nor a date, such as 2026-11-01.",
            param_hint=option,
        ) from None
    return dt.datetime.now(tz=dt.timezone.utc) - age


def _parse_label(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"`{text}` must have the form KEY=VALUE.", param_hint="--label")
    return key, value


def _collect_facts(line: RunLine) -> dict[str, Any]:
    return {
        **dataclasses.asdict(line),
        "started": None if line.started is None else line.started.isoformat(),
    }


def _print_table(lines: Sequence[RunLine]) -> None:
    """Print a row for each run. What no run has takes no column."""
    from rich.table import Table

    columns = {
        "Run": [line.name for line in lines],
        "State": [line.state for line in lines],
        "Pipeline": [line.pipeline for line in lines],
        "Duration": ["" if line.seconds is None else f"{line.seconds:.1f} s" for line in lines],
        "Cached": [f"{line.cached}/{line.tasks}" if line.tasks else "" for line in lines],
        "Metric": [
            f"{line.metric.name} {line.metric.text}" if line.metric else "" for line in lines
        ],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    table = Table(box=None)
    for name in shown:
        if name == "Metric":
            table.add_column(name, overflow="fold")
        else:
            justify = "right" if name in {"Duration", "Cached"} else "left"
            table.add_column(name, no_wrap=True, justify=justify)  # type: ignore[arg-type]
    for row in zip(*shown.values(), strict=True):
        table.add_row(*row)
    output.print_table(table, styled=False)
