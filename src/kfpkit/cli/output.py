"""What several verbs write in one way."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_MEGABYTE = 1_000_000


def report_progress(line: str) -> None:
    """Write what is going on, apart from what a verb finds out."""
    typer.echo(line, err=True)


def report_error(text: str) -> None:
    """Write what is wrong in the one form that all errors have."""
    typer.echo(f"error: {text}", err=True)


@contextlib.contextmanager
def diverted(as_json: bool) -> Iterator[None]:
    """Send what the author's code prints to standard error where a JSON document is to follow.

    Args:
        as_json: Whether one is.
    """
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        yield


def print_table(table: Table, *, styled: bool = True) -> None:
    """Print a table; as wide as it is where no terminal shows it, so that no line is broken.

    Args:
        table: The table.
        styled: Whether text in square brackets in its cells is a style.
    """
    from rich.console import Console

    console = Console(highlight=False, markup=styled)
    if not console.is_terminal:
        console.width = _full_width(table, console)
    console.print(table)


def _full_width(table: Table, console: Console) -> int:
    from rich.measure import Measurement

    unlimited = console.options.update_width(sys.maxsize)
    return max(Measurement.get(console, unlimited, table).maximum, 1)


def megabytes(count: int) -> str:
    """Write a number of bytes."""
    return f"{count / _MEGABYTE:.0f} MB"


def shorten_path(path: Path) -> str:
    """Write a path as short as it can be used from the working directory."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
