"""`kfpkit runs prune`: remove old runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import open_runs

if TYPE_CHECKING:
    from kfpkit.runs.history import OldRun

_KEPT = 20


def prune_command(
    keep: Annotated[
        int, typer.Option(metavar="N", min=1, help="Always keep the newest N runs.")
    ] = _KEPT,
    older_than: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Remove only runs older than this, such as 12h or 30d."),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove the runs. Otherwise, they are only listed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove old runs with their logs and artifacts.

    A run is kept if it is running, or if the cache or a run that is kept uses its artifacts.
    Without --delete, nothing is removed.
    """
    from kfpkit.runs.history import remove_run, survey_runs

    seconds = None if older_than is None else _parse_age(older_than)
    old = survey_runs(open_runs().project, keep=keep, older_than=seconds)
    if delete:
        for run in old:
            if run.can_go:
                remove_run(run)
    if as_json:
        facts = [_collect_facts(run, deleted=delete) for run in old]
        typer.echo(json.dumps(facts, indent=2))
    else:
        named = {run.folder.name: run for run in old}
        output.print_removals(named, title="Run", count=f"{len(old)} old runs", deleted=delete)


def _parse_age(text: str) -> float:
    from kfpkit.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--older-than") from None


def _collect_facts(run: OldRun, *, deleted: bool) -> dict[str, Any]:
    return {"run": run.folder.name, **output.describe_removal(run, deleted=deleted)}
