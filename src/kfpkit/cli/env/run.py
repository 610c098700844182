"""`kfpkit env run`: run a command in an environment."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

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
    from kfpkit.config import find_project
    from kfpkit.environments import ensure_virtual_environment, find_environment
    from kfpkit.environments.venvs import make_shell_variables, use_until_exit

    project = find_project(Path.cwd())
    venv = ensure_virtual_environment(
        find_environment(project, name), progress=output.report_progress
    )
    use_until_exit(venv)
    words = command[1:] if command[0] == "--" else command
    if not words:
        raise typer.BadParameter("must not be empty.", param_hint="COMMAND")
    _replace_process(words, make_shell_variables(project, venv), name)


def _replace_process(command: list[str], variables: Mapping[str, str], name: str) -> NoReturn:
    """Replace this process, so that signals, terminal and exit code are the command's."""
    sys.stdout.flush()
    sys.stderr.flush()
    # Python ignores these, and what it becomes would inherit that.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    program = command[0]
    try:
        os.execvpe(program, command, variables)  # noqa: S606 - it is what the user asks for
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            where = f"neither the environment `{name}` nor your PATH has this program"
            output.report_error(f"`{program}`: {where}. Correct the command.")
            raise typer.Exit(_NOT_FOUND) from None
        output.report_error(f"`{program}` cannot be executed: {error.strerror}.")
        raise typer.Exit(_NOT_EXECUTABLE) from None
