"""`kfpkit env check`: find problems in environments."""

from __future__ import annotations

from pathlib import Path

import typer

from kfpkit.cli.options import SomeNames


def check_command(names: SomeNames = None) -> None:
    """Check locks, import names and kfp's runtime. Exits with 1 if there is a problem."""
    from kfpkit.config import find_project
    from kfpkit.environments import find_environment, list_environment_names, require_environments
    from kfpkit.environments.locking import check_environment
    from kfpkit.errors import InvalidEnvironmentError

    project = find_project(Path.cwd())
    if not names:
        require_environments(project)
    failed = False
    for name in names or list_environment_names(project):
        try:
            problems = check_environment(find_environment(project, name))
        except InvalidEnvironmentError as error:
            problems = (str(error),)
        failed = failed or bool(problems)
        for problem in problems or ("ok",):
            typer.echo(f"{name}: {problem}")
    if failed:
        raise typer.Exit(1)
