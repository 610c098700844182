"""`kfpkit runs associate`: add a run of a target to an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import check_experiment
from kfpkit.cli.runs.options import read_address


def associate_command(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A run of a target, such as `dev:latest`.")
    ],
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="The experiment's name.")],
) -> None:
    """Add a run of a target to an experiment, which is created unless it exists.

    You can repeat the command.
    """
    address = read_address(run)
    if address is None:
        raise typer.BadParameter("Name a run of a target: NAME:RUN.", param_hint="RUN")
    check_experiment(experiment, "EXPERIMENT")
    from kfpkit.project import find_project
    from kfpkit.targets.runs import opening_runs

    with opening_runs(find_project(Path.cwd()), address.target, output.report_progress) as runs:
        found = runs.find(address.run)
        runs.associate(found, experiment)
    typer.echo(f"{address.target}:{found} is in the experiment {experiment}.")
