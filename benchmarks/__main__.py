"""`python -m benchmarks`: measure everything, print it, and fail when a bar does not hold."""

from __future__ import annotations

import argparse
import platform
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    collect_time,
    compile_time,
    import_time,
    installed_size,
    payload,
    start_up,
)
from benchmarks.figures import Figure

MODULES = (import_time, installed_size, payload, collect_time, compile_time, start_up)
DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"
RESULTS = re.compile(r"(<!-- results -->\n).*?(<!-- /results -->)", re.DOTALL)


def main() -> None:
    """Measure, print, and write the results into the documentation when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the results to {DOCUMENT}")
    arguments = parser.parse_args()
    figures = [figure for module in MODULES for figure in module.measure()]
    _print(figures)
    if arguments.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(
            RESULTS.sub(lambda found: found[1] + _markdown(figures) + found[2], text),
            encoding="utf-8",
        )
    missed = [figure.name for figure in figures if not figure.holds]
    if missed:
        sys.exit(f"Bars that do not hold: {', '.join(missed)}.")


def _print(figures: list[Figure]) -> None:
    table = Table("figure", "measured", "bar", "holds")
    for figure in figures:
        holds = "" if figure.bar is None else "yes" if figure.holds else "NO"
        table.add_row(figure.name, figure.shown, figure.bar_shown, holds)
    Console(width=110).print(table)


def _markdown(figures: list[Figure]) -> str:
    rows = "".join(f"| {one.name} | {one.shown} | {one.bar_shown} |\n" for one in figures)
    return (
        f"\nMeasured with Python {platform.python_version()} on {platform.system()} "
        f"{platform.machine()}.\n\n| figure | measured | bar |\n| --- | --- | --- |\n{rows}\n"
    )


main()
