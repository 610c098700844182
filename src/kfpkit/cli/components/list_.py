"""`kfpkit components list`: the components of the catalogue, all or those that match."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.catalogue import Entry


def list_command(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="Words that must occur in the name, the purpose, an input, an output or an "
            "environment (default: all components).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the components of the catalogue with their purposes and environments."""
    import_without_client()
    from kfpkit.catalogue import list_entries
    from kfpkit.project import find_project

    entries = [each for each in list_entries(find_project(Path.cwd())) if each.matches(words or ())]
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(each) for each in entries], indent=2))
    elif entries:
        _print_table(entries)
    else:
        typer.echo("No component matches. Use fewer words, or none to list all components.")


def _print_table(entries: Iterable[Entry]) -> None:
    from rich.table import Table

    table = Table(box=None)
    table.add_column("Component", no_wrap=True)
    table.add_column("Purpose", overflow="fold")
    table.add_column("Environments", overflow="fold")
    for entry in entries:
        names = ", ".join(place.name for place in entry.environments)
        table.add_row(entry.name, entry.purpose, names)
    output.print_table(table, styled=False)
