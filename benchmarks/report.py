"""Printing figures, and writing them between the markers of `docs/performance.md`."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def show(figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    table = Table("figure", "measured", "bar", "holds")
    for figure in figures:
        holds = "" if figure.bar is None else "yes" if figure.holds else "NO"
        table.add_row(figure.title, figure.shown, figure.bar_shown, holds)
    Console(width=110).print(table)


def write(figures: Sequence[Figure], marker: str) -> None:
    """Write the figures between `<!-- MARKER -->` and `<!-- /MARKER -->`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- {marker} -->\n).*?(<!-- /{marker} -->)", re.DOTALL)
    if not between.search(text):
        sys.exit(f"{DOCUMENT} has no place for `{marker}`.")
    written = between.sub(lambda found: found[1] + _markdown(figures) + found[2], text)
    DOCUMENT.write_text(written, encoding="utf-8")


def require_bars(figures: Sequence[Figure]) -> None:
    """Exit with the names of the figures that do not hold their bars, if there are any."""
    missed = [figure.title for figure in figures if not figure.holds]
    if missed:
        sys.exit(f"Bars that do not hold: {', '.join(missed)}.")


def _markdown(figures: Sequence[Figure]) -> str:
    alone = [one for one in figures if one.of is None]
    parts = [f"Measured with Python {platform.python_version()} on {platform.system()} "]
    parts[0] += f"{platform.machine()}."
    if alone:
        parts.append(_lines([("figure", "measured", "bar"), *map(_cells, alone)]))
    if compared := [one for one in figures if one.of is not None]:
        parts.append(_side_by_side(compared))
    return "\n" + "\n\n".join(part.rstrip("\n") for part in parts) + "\n\n"


def _cells(figure: Figure) -> tuple[str, str, str]:
    return figure.name, figure.shown, figure.bar_shown


def _side_by_side(figures: Sequence[Figure]) -> str:
    """Write a row for each thing that was measured, and a column for each figure of it."""
    columns = list(dict.fromkeys(one.name for one in figures))
    rows: dict[str, dict[str, str]] = {}
    for one in figures:
        bar = f" ({one.bar_shown})" if one.bar is not None else ""
        rows.setdefault(str(one.of), {})[one.name] = f"{one.shown}{bar}"
    cells = [(name, *(row.get(column, "") for column in columns)) for name, row in rows.items()]
    return _lines([("", *columns), *cells])


def _lines(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rest))
