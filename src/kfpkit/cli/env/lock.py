"""`kfpkit env lock`: lock environments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import complete_environment


def lock_command(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME", help="Environments to lock.", autocompletion=complete_environment
        ),
    ],
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Upgrade to the latest allowed versions.")
    ] = False,
) -> None:
    """Write poetry.lock and imports.json from pyproject.toml.

    If locking fails, both files stay unchanged.
    """
    from kfpkit.environments.locking import lock_environment
    from kfpkit.project import find_project

    project = find_project(Path.cwd())
    for name in names:
        environment = lock_environment(
            project, name, upgrade=upgrade, report=output.report_progress
        )
        typer.echo(f"{name}: locked as {environment.image}")
