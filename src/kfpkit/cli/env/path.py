"""`kfpkit env path`: print the path to an environment's interpreter."""

from __future__ import annotations

from pathlib import Path

import typer

from kfpkit.cli import output
from kfpkit.cli.options import OneName


def path_command(name: OneName) -> None:
    """Print the path to an environment's Python interpreter, for use in an editor.

    Creates the virtual environment if it is missing. The path is a link in the project's `.kfpkit`
    folder and never changes. After a change to the lock, run the command again to update the link.
    """
    from kfpkit.environments import find_environment
    from kfpkit.environments.venvs import (
        ensure_virtual_environment,
        link_virtual_environment,
        python_of,
    )
    from kfpkit.project import find_project

    project = find_project(Path.cwd())
    environment = find_environment(project, name)
    venv = ensure_virtual_environment(environment, report=output.report_progress)
    typer.echo(python_of(link_virtual_environment(project, environment, venv)))
