"""`kfpkit env plan`: which images are missing, and why."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def plan_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Names; all when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, not a table.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no registry, but this machine's records.")
    ] = False,
) -> None:
    """Show which environments need a build and why: the registry lacks the content hash."""
    from kfpkit.config import find_project
    from kfpkit.images import plan

    found = plan(find_project(Path.cwd()), names or (), offline=offline)
    if as_json:
        rows = [
            {
                "name": entry.environment.name,
                "image": entry.image,
                "content_hash": entry.environment.content_hash,
                "exists": entry.exists,
                "reasons": list(entry.reasons),
            }
            for entry in found.entries
        ]
        typer.echo(json.dumps({"asked": found.asked, "environments": rows}, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Environment", "Content hash", "Image", "Because", box=None)
    for entry in found.entries:
        state = "exists" if entry.exists else "to build"
        because = ", ".join(entry.reasons)
        table.add_row(entry.environment.name, entry.environment.content_hash, state, because)
    Console(width=None if sys.stdout.isatty() else 250).print(table)
    count = len(found.to_build)
    what = "nothing to build" if not count else f"{count} to build"
    typer.echo(f"{what} (asked: {found.asked})")
