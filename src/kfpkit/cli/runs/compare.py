"""`kfpkit runs compare`: what differs between runs of one pipeline."""

from __future__ import annotations

import dataclasses
import json
import string
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import complete_run, read_run
from kfpkit.cli.terminal import browser

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kfpkit.runs.comparing import Comparison, Row, SourceChange, TaskRow

_FEWEST = 2
_PAGE = "comparison.html"


def compare_command(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN",
            help="Two or more runs, the baseline first: names, `latest`, `latest~1`, paths, or "
            "`NAME:RUN` for runs of the target NAME.",
            autocompletion=complete_run,
        ),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Also show what is the same in all runs.")
    ] = False,
    page: Annotated[
        bool,
        typer.Option("--page", help="Write the comparison as a page, and print the page's path."),
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            dir_okay=False,
            help="The file to write the page to "
            "(default: comparison.html in the last run's folder).",
        ),
    ] = None,
    opens: Annotated[
        bool, typer.Option("--open", help="Write the page, and open it in a browser.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare runs of the same pipeline. The first run is the baseline.

    Shows parameters, metrics and outputs that differ, diffs of source files and the tasks that use
    them, locked packages that changed, and why each task ran.
    """
    from kfpkit.runs.comparing import compare, read_texts

    if len(runs) < _FEWEST:
        raise typer.BadParameter("Name at least two runs.", param_hint="RUN")
    writes = page or file is not None or opens
    if writes and as_json:
        raise typer.BadParameter(
            "The page isn't JSON. Leave out --json, or the options for the page.",
            param_hint="--json",
        )
    found = [read_run(run) for run in runs]
    folders, records = [folder for folder, _ in found], [record for _, record in found]
    comparison = compare(records, read_texts(folders))
    if writes:
        _write_page(comparison, folders, file or folders[-1] / _PAGE, opens=opens)
    elif as_json:
        typer.echo(json.dumps(_collect_facts(comparison), indent=2, default=str))
    else:
        _print(comparison, everything=everything)


def _write_page(comparison: Comparison, folders: list[Path], file: Path, *, opens: bool) -> None:
    from kfpkit.errors import UnwritableComparisonError
    from kfpkit.runs.pages import write_comparison

    try:
        write_comparison(comparison, folders, file)
    except OSError as error:
        raise UnwritableComparisonError(file=file, cause=error.strerror or str(error)) from error
    typer.echo(output.shorten_path(file))
    if opens:
        browser.open_page(file)


def _collect_facts(comparison: Comparison) -> dict[str, Any]:
    return {
        "runs": [record.id for record in comparison.records],
        "summary": comparison.summary,
        **{
            name: [
                {"group": row.group, "name": row.name, "values": list(row.values)}
                for row in rows
                if row.differs
            ]
            for name, rows in _list_rows(comparison)
        },
        "tasks": [
            {
                "name": row.name,
                "states": [task and task.state.value for task in row.tasks],
                "seconds": [task and task.seconds for task in row.tasks],
                "reasons": list(row.reasons),
            }
            for row in comparison.tasks
        ],
        "sources": [
            [
                {
                    "path": change.path,
                    "tasks": list(change.tasks),
                    "before": change.before,
                    "after": change.after,
                    "difference": change.difference,
                }
                for change in changes
            ]
            for changes in comparison.sources
        ],
    }


def _list_rows(comparison: Comparison) -> Iterable[tuple[str, tuple[Row, ...]]]:
    yield "parameters", comparison.parameters
    yield "results", comparison.results
    yield "metrics", comparison.metrics
    yield "classifications", comparison.classifications
    yield "outputs", comparison.outputs
    yield "packages", comparison.packages


def _print(comparison: Comparison, *, everything: bool) -> None:
    for index, record in enumerate(comparison.records):
        typer.echo(f"{_letter(index)}  {record.id}  {record.state.value}")
    typer.echo(f"Changed: {comparison.summary}")
    for name, rows in _list_rows(comparison):
        shown = [row for row in rows if everything or row.differs]
        if name == "classifications":
            shown = [dataclasses.replace(row, values=_list_matrices(row)) for row in shown]
        if shown:
            _print_rows(name.capitalize(), shown, len(comparison.records))
    _print_tasks(comparison.tasks, len(comparison.records))
    for changes in comparison.sources:
        for change in changes:
            _print_source(change)


def _list_matrices(row: Row) -> tuple[str | None, ...]:
    """Return the confusion matrices of a row, each on one line: curves are for the page."""
    return tuple(None if value is None else _format_matrix(value) for value in row.values)


def _format_matrix(metadata: Mapping[str, Any]) -> str:
    matrix = metadata.get("confusionMatrix")
    rows = matrix.get("rows") if isinstance(matrix, dict) else None
    known = [each["row"] for each in rows or () if isinstance(each, dict) and "row" in each]
    return " / ".join(" ".join(map(str, row)) for row in known) or "a curve"


def _print_rows(title: str, rows: Iterable[Row], count: int) -> None:
    from rich.table import Table

    from kfpkit.runs.history import format_value

    table = Table(
        "", *map(_letter, range(count)), "Change", title=title, title_justify="left", box=None
    )
    for row in rows:
        values = ("" if value is None else format_value(value) for value in row.values)
        change = "" if not row.change else f"{row.change:+.6g}"
        table.add_row(".".join(filter(None, [row.group, row.name])), *values, change)
    typer.echo()
    output.print_table(table, styled=False)


def _print_tasks(rows: Iterable[TaskRow], count: int) -> None:
    from rich.table import Table

    table = Table(
        "", *map(_letter, range(count)), "Why it ran", title="Tasks", title_justify="left", box=None
    )
    for row in rows:
        states = (
            ""
            if task is None
            else f"{task.word}{'' if task.seconds is None else f' {task.seconds:.1f} s'}"
            for task in row.tasks
        )
        table.add_row(row.name, *states, row.reasons[-1])
    typer.echo()
    output.print_table(table, styled=False)


def _print_source(change: SourceChange) -> None:
    what = "added" if change.before is None else "removed" if change.after is None else "changed"
    used = f", used by {', '.join(change.tasks)}" if change.tasks else ""
    typer.echo(f"\n{change.path}: {what}{used}")
    typer.echo(change.difference.rstrip("\n"))


def _letter(index: int) -> str:
    return string.ascii_uppercase[index] if index < len(string.ascii_uppercase) else str(index + 1)
