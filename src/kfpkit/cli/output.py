"""What several verbs write in one way."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from kfpkit.config import Project

_MEGABYTE = 1_000_000
_WIDE = 250  # characters: a program that reads a table wants no line broken


def progress(line: str) -> None:
    """Write what is going on, apart from what a verb finds out."""
    typer.echo(line, err=True)


def print_table(table: Table) -> None:
    """Print a table, as wide as it is where no terminal shows it."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def megabytes(count: int) -> str:
    """Write a number of bytes."""
    return f"{count / _MEGABYTE:.0f} MB"


def shown(path: Path) -> str:
    """Write a path as short as it can be used from the working directory."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def hint_if_empty(project: Project) -> bool:
    """Print how a project gets its first environment if it has none; return whether it has none."""
    from kfpkit.environments import environment_names

    if environment_names(project):
        return False
    typer.echo(
        f"{project.environments} has no environments. "
        "`kfpkit env new NAME --with PACKAGE` writes and locks one; "
        "`kfpkit env new sklearn --from kfpkit:sklearn` takes one of kfpkit's own."
    )
    return True
