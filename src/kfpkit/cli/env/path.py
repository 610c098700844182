"""`kfpkit env path`: the interpreter of an environment."""

from __future__ import annotations

from pathlib import Path

import typer

from kfpkit.cli import output
from kfpkit.cli.options import OneName


def path_command(name: OneName) -> None:
    """Print the path of an environment's Python, for an editor; make it if it is missing.

    The path is a link in the project's folder `.kfpkit` and stays the same. After a change of the
    lock, run the command again to let it point to the new packages.
    """
    from kfpkit.config import find_project
    from kfpkit.environments import ensure_virtual_environment, find_environment, python_of
    from kfpkit.environments.venvs import link_virtual_environment

    project = find_project(Path.cwd())
    environment = find_environment(project, name)
    venv = ensure_virtual_environment(environment, progress=output.report_progress)
    typer.echo(python_of(link_virtual_environment(project, environment, venv)))
