"""`kfpkit env list`: the environments, their contents and the components that use them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kfpkit.images import Row

_UNKNOWN = "-"


def list_command(
    as_json: AsJson = False,
    images: Annotated[
        bool, typer.Option("--images", help="Query the registry for images and their sizes.")
    ] = False,
) -> None:
    """List environments with their Python, packages, image, virtual environment and components.

    By default, the state of an image comes from this machine's records of images that it has built
    and pushed. With --images, it comes from the registry. Exits with 1 if an environment has a
    problem or the registry cannot be queried.
    """
    from kfpkit.errors import NoEnvironmentsError
    from kfpkit.images import survey_environments
    from kfpkit.project import find_project

    project = find_project(Path.cwd())
    rows = survey_environments(project, ask=images)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(row) for row in rows], indent=2))
    elif rows:
        _print_table(rows)
    else:
        typer.echo(str(NoEnvironmentsError(folder=project.environments)))
    problems = dict.fromkeys(row.problem for row in rows if row.problem)
    for problem in problems:
        output.report_error(problem)
    if problems:
        raise typer.Exit(1)


def _print_table(rows: Sequence[Row]) -> None:
    from rich.table import Table

    table = Table(box=None)
    for heading in ("Environment", "Python"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Packages", justify="right")
    table.add_column("Content hash", no_wrap=True)
    table.add_column("Image", no_wrap=True)
    for heading in ("Unpacked", "Compressed"):
        table.add_column(heading, no_wrap=True, justify="right")
    table.add_column("Shared layers", no_wrap=True)
    table.add_column("Venv", no_wrap=True)
    table.add_column("Components", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row))
    output.print_table(table)
    for line in _describe_sharing(rows):
        typer.echo(line)
    if any(row.state == "unknown" for row in rows):
        typer.echo(
            "Images in state `unknown` were not built on this machine. To query the registry, use "
            "`--images`."
        )


def _cells(row: Row) -> list[str]:
    names = sorted({one.rpartition(":")[2] for one in row.components})
    return [
        row.name,
        row.python or _UNKNOWN,
        _UNKNOWN if row.packages is None else str(row.packages),
        row.content_hash or _UNKNOWN,
        row.state,
        _UNKNOWN if row.size is None else output.megabytes(row.size),
        _UNKNOWN if row.compressed is None else output.megabytes(row.compressed),
        ", ".join(row.shared) or _UNKNOWN,
        "yes" if row.virtual_environment else "no",
        ", ".join(names),
    ]


def _describe_sharing(rows: Sequence[Row]) -> list[str]:
    """Return a line for each group of images that share layers."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        for layer, others in row.shared.items():
            names = found.setdefault(tuple(sorted((row.name, *others))), [])
            names += [layer] if layer not in names else []
    return [f"{', '.join(layers)}: shared by {', '.join(names)}" for names, layers in found.items()]
