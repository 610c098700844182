"""`python -m benchmarks.tables`: measure large tables, and fail when a bar is missed."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import report
from benchmarks.tables.steps import measure

ROWS = 20_000_000


def main() -> None:
    """Measure, print, and write the results into the documentation when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="of the table; %(default)s")
    parser.add_argument(
        "--rounds", type=int, default=1, help="how often each step and its reference run"
    )
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder by default")
    parser.add_argument("--write", action="store_true", help=f"write to {report.DOCUMENT}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kfpkit-tables-", dir=arguments.folder) as folder:
        figures = []
        for figure in measure(Path(folder), arguments.rows, arguments.rounds):
            print(f"{figure.title}: {figure.shown}", flush=True)
            figures.append(figure)
    report.show(figures)
    if arguments.write:
        report.write(figures, "tables")
    report.require_bars(figures)


main()
