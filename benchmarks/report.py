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
        table.add_row(figure.name, figure.shown, figure.bar_shown, holds)
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
    missed = [figure.name for figure in figures if not figure.holds]
    if missed:
        sys.exit(f"Bars that do not hold: {', '.join(missed)}.")


def _markdown(figures: Sequence[Figure]) -> str:
    rows = "".join(f"| {one.name} | {one.shown} | {one.bar_shown} |\n" for one in figures)
    return (
        f"\nMeasured with Python {platform.python_version()} on {platform.system()} "
        f"{platform.machine()}.\n\n| figure | measured | bar |\n| --- | --- | --- |\n{rows}\n"
    )
