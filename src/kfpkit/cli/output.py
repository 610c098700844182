"""Output that several verbs share."""

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
    """Print a progress line on standard error, apart from a verb's result."""
    typer.echo(line, err=True)


def report_error(text: str) -> None:
    """Print an error in the form that all errors share."""
    typer.echo(f"error: {text}", err=True)


@contextlib.contextmanager
def diverted(as_json: bool) -> Iterator[None]:
    """Redirect what the author's code prints to standard error if JSON output follows.

    Args:
        as_json: Whether JSON output follows.
    """
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        yield


def print_table(table: Table, *, styled: bool = True) -> None:
    """Print a table, at full width outside a terminal so that no line wraps.

    Args:
        table: The table.
        styled: Whether square brackets in cells are style markup.
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
    """Format a number of bytes in megabytes."""
    return f"{count / _MEGABYTE:.0f} MB"


def shorten_path(path: Path) -> str:
    """Return the shortest form of a path that works from the working directory."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
