"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def complete_environment(incomplete: str) -> list[str]:
    """Return the environments that complete a word.

    Args:
        incomplete: The part of the word typed so far.
    """
    from kfpkit.config import find_project
    from kfpkit.environments import list_environment_names
    from kfpkit.errors import KfpkitError

    try:
        names = list_environment_names(find_project(Path.cwd()))
    except (KfpkitError, OSError):
        return []  # the command itself reports it
    return [name for name in names if name.startswith(incomplete)]


SomeNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME", help="Environments (default: all).", autocompletion=complete_environment
    ),
]
OneName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="The environment's name.", autocompletion=complete_environment
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
