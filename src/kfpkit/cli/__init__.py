"""The command line: one file per verb, each translating its arguments to one library call.

Heavy imports stand inside the handlers, so that `kfpkit --help` needs neither kfp nor pydantic.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

import typer

from kfpkit.cli import bundle, compile_, env, init, run
from kfpkit.errors import KfpkitError

app = typer.Typer(
    name="kfpkit",
    help="Pipeline components with injected helpers and lean, locked environments.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init_command)
app.command("compile")(compile_.compile_command)
app.command("run")(run.run_command)
app.add_typer(bundle.app, name="bundle")
app.add_typer(env.app, name="env")


# Imports make some hundred thousand objects that stay. Python's collector would look at them again
# and again, and at its end once more, which takes up to a tenth of a second.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> NoReturn:
    """Run the command line; a user's mistake ends in its text on standard error and exit code 1."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        app()
    except KfpkitError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(1)
    finally:
        gc.freeze()
    sys.exit(0)
