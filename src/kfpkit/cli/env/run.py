"""`kfpkit env run`: run a command in an environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import OneName

SETTINGS = {"allow_interspersed_args": False, "ignore_unknown_options": True}
"""Options after the command's name belong to the command, not to `kfpkit`."""

_NOT_FOUND = 127  # as in shells and `env`
_NOT_EXECUTABLE = 126


def run_command(
    name: OneName,
    command: Annotated[
        list[str],
        typer.Argument(
            metavar="COMMAND", help="A program and its arguments, such as `-- python -i`."
        ),
    ],
) -> None:
    """Run a command with an environment's Python and packages and the project's modules.

    Creates the virtual environment if it is missing. Its programs come first on PATH, and the
    project's source roots are importable. Exits with the command's exit code, 127 if the program
    does not exist, or 126 if it cannot be executed.
    """
    from kfpkit.environments.venvs import enter_environment, replace_process
    from kfpkit.project import find_project

    words = command[1:] if command[0] == "--" else command
    if not words:
        raise typer.BadParameter("must not be empty.", param_hint="COMMAND")
    variables = enter_environment(find_project(Path.cwd()), name, report=output.report_progress)
    try:
        replace_process(words, variables)
    except OSError as error:
        program = words[0]
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            where = f"neither the environment `{name}` nor your PATH has this program"
            output.report_error(f"`{program}`: {where}. Correct the command.")
            raise typer.Exit(_NOT_FOUND) from None
        output.report_error(f"`{program}` cannot be executed: {error.strerror}.")
        raise typer.Exit(_NOT_EXECUTABLE) from None
