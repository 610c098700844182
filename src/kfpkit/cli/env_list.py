"""`kfpkit env list`: the environments, what they hold and who uses them."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

_MEGABYTE = 1_000_000


def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, not a table.")] = False,
    images: Annotated[
        bool, typer.Option("--images", help="Ask the registry which images exist, and their size.")
    ] = False,
) -> None:
    """Show the environments with their Python version, packages, components and image reference."""
    from kfpkit.config import find_project
    from kfpkit.environments.summary import summaries
    from kfpkit.images.usage import components_by_environment

    project = find_project(Path.cwd())
    components = components_by_environment(project)
    rows = [
        dataclasses.asdict(summary) | {"components": list(components.get(summary.name, ()))}
        for summary in summaries(project)
    ]
    if images:
        from kfpkit.images.planning import remote_images

        remote = remote_images(project)
        for row in rows:
            found = remote.get(row["name"])
            row["exists"] = found is not None if row["name"] in remote else None
            row["compressed"] = found.size if found else None
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        _print_table(rows, images=images)


def _print_table(rows: list[dict[str, Any]], *, images: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    headings = ["Environment", "Python", "Packages", "Components", "Image"]
    headings += ["Compressed"] if images else []
    table = Table(*headings, "Virtual environment", box=None)
    for row in rows:
        made = "made" if row["virtual_environment"] else "not made"
        names = ", ".join(one.rpartition(":")[2] for one in row["components"])
        image = row["image"] or ("none" if row["locked"] else "no lock")
        cells = [row["name"], row["python"], str(row["packages"]), names, image]
        table.add_row(*cells, *([_state(row)] if images else []), made)
    Console(width=None if sys.stdout.isatty() else 250).print(table)


def _state(row: dict[str, Any]) -> str:
    if row["exists"] is None:
        return "has none"
    return f"{row['compressed'] / _MEGABYTE:.0f} MB" if row["exists"] else "missing"
