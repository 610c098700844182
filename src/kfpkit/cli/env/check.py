"""`kfpkit env check`: find problems in environments."""

from __future__ import annotations

from pathlib import Path

import typer

from kfpkit.cli.options import SomeNames


def check_command(names: SomeNames = None) -> None:
    """Check locks, import names and kfp's runtime. Exits with 1 if there is a problem."""
    from kfpkit.environments.locking import check_environments
    from kfpkit.project import find_project

    failed = False
    for name, problems in check_environments(find_project(Path.cwd()), names or ()):
        failed = failed or bool(problems)
        for problem in problems or ("ok",):
            typer.echo(f"{name}: {problem}")
    if failed:
        raise typer.Exit(1)
