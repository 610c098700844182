"""`kfpkit runs cancel`: cancel runs of a target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import read_address

if TYPE_CHECKING:
    from kfpkit.targets.runs import RunAddress


def cancel_command(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN",
            help="Runs of targets: `NAME:RUN` with the target's name, and the run's id, the start "
            "of it, or `latest`.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Cancel runs of a target. Their tasks are stopped, which may take a while.

    A run on this machine is stopped by Ctrl-C in its terminal.
    """
    from kfpkit.errors import UncancellableRunError

    addresses = []
    for run in runs:
        address = read_address(run)
        if address is None:
            raise UncancellableRunError(
                run=run,
                cause="it is on this machine",
                remedy="Press Ctrl-C in the terminal in which it runs",
            )
        addresses.append(address)
    facts = [_cancel(address) for address in addresses]
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        for each in facts:
            typer.echo(f"{each['run']}: {each['state']}")


def _cancel(address: RunAddress) -> dict[str, str]:
    from kfpkit.project import find_project
    from kfpkit.targets.runs import opening_runs

    with opening_runs(find_project(Path.cwd()), address.target, output.report_progress) as runs:
        run = runs.find(address.run)
        return {"run": f"{address.target}:{run}", "state": runs.cancel(run)}
