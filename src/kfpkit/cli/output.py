"""Output that several verbs share."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

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


class Removable(Protocol):
    """Something old on the disk, which can go or is kept."""

    @property
    def kept_by(self) -> str:
        """Why it stays."""

    @property
    def can_go(self) -> bool:
        """Whether nothing needs it."""

    @property
    def size(self) -> int:
        """The bytes that its removal frees."""


def print_removals(old: Mapping[str, Removable], *, title: str, count: str, deleted: bool) -> None:
    """Print what was removed or would be, what is kept and why, and the sum.

    Args:
        old: What is old, by name.
        title: The heading of the names.
        count: How many there are, for the sum: `12 old runs`.
        deleted: Whether what can go was removed.
    """
    from rich.table import Table

    removed = "removed" if deleted else "would be removed"
    table = Table(title, "State", "Freed", box=None)
    for name, each in old.items():
        state = removed if each.can_go else f"kept by {each.kept_by}"
        table.add_row(name, state, megabytes(each.size) if each.can_go else "")
    if old:
        print_table(table, styled=False)
    gone = [each for each in old.values() if each.can_go]
    total = megabytes(sum(each.size for each in gone))
    typer.echo(f"{len(gone)} of {count} {removed}, {total}")


def describe_removal(removable: Removable, *, deleted: bool) -> dict[str, object]:
    """Return for programs what became of something old.

    Args:
        removable: What is old.
        deleted: Whether what can go was removed.
    """
    return {
        "removed": deleted and removable.can_go,
        "kept_by": removable.kept_by or None,
        "size": removable.size,
    }


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
