"""`python -m benchmarks`: measure everything, print it, and fail when a bar does not hold."""

from __future__ import annotations

import argparse

from benchmarks import (
    collect_time,
    command_time,
    compile_time,
    emulator_time,
    forecast_time,
    history_time,
    import_time,
    installed_size,
    load_time,
    new_project_time,
    page,
    payload,
    record_time,
    report,
    run_time,
    side_by_side,
    start_up,
    submit_time,
)

MODULES = (
    import_time,
    installed_size,
    payload,
    load_time,
    collect_time,
    compile_time,
    start_up,
    run_time,
    forecast_time,
    history_time,
    record_time,
    submit_time,
    new_project_time,
    emulator_time,
    page,
    side_by_side,
)


def main() -> None:
    """Measure, print, and write the results into the documentation when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help=f"write the results to {report.DOCUMENT}"
    )
    parser.add_argument(
        "--baseline", metavar="REVISION", help="compare the cost of commands with this revision"
    )
    arguments = parser.parse_args()
    figures = [figure for module in MODULES for figure in module.measure()]
    figures += command_time.measure(arguments.baseline)
    report.show(figures)
    if arguments.write:
        report.write(figures, "results")
    report.require_bars(figures)


main()
