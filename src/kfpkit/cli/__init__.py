"""The command line: one file per verb, each translating its arguments to one library call.

Handlers import heavy modules themselves, so that `kfpkit --help` needs neither kfp nor pydantic.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated, NoReturn

import typer

from kfpkit.cli import output
from kfpkit.cli.streams import unix_streams
from kfpkit.cli.verbs import VerbGroup
from kfpkit.errors import KfpkitError

app = typer.Typer(
    name="kfpkit",
    cls=VerbGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


# Imports make some hundred thousand objects that stay. Python's collector would look at them again
# and again, and at its end once more, which takes up to a tenth of a second.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000

# What the command line's library raises when it refuses usage. Its releases keep the class in
# different modules, and all of them export this subclass.
_UsageError: type[typer.BadParameter] = typer.BadParameter.__base__  # type: ignore[assignment]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kfpkit {version('kfpkit')}")
        raise typer.Exit


@app.callback()
def kfpkit(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Compile and run KFP pipelines.

    Their components carry their own code and run in locked environments.
    """


def main() -> NoReturn:
    """Run the command line.

    Errors are printed on standard error. The exit code is 2 for wrong usage and 1 for all other
    errors.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    with unix_streams():
        sys.exit(_run())


def _run() -> int:
    """Run the command, and return its exit code."""
    try:
        return int(app(prog_name="kfpkit", standalone_mode=False) or 0)
    except KfpkitError as error:
        output.report_error(str(error))
        return 1
    except _UsageError as error:
        _refuse_usage(error)
        return error.exit_code
    finally:
        gc.freeze()


def _refuse_usage(error: typer.BadParameter) -> None:
    """Print what is wrong with the usage, or only the help if the verb is missing."""
    text = error.format_message()
    if error.ctx is None:
        output.report_error(text)
    elif text == error.ctx.get_help():
        typer.echo(text, err=True)
    else:
        period = "" if text.endswith((".", "!", "?")) else "."
        output.report_error(f"{text}{period} For usage, run `{error.ctx.command_path} --help`.")
