"""`kfpkit env plan`: which images are missing, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson, SomeNames

if TYPE_CHECKING:
    from kfpkit.environments.overview import Split
    from kfpkit.images import Entry, Plan


def plan_command(
    names: SomeNames = None,
    as_json: AsJson = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use this machine's records, not the registry.")
    ] = False,
) -> None:
    """Show which images to build, and why.

    An image must be built if the registry has no image with the environment's content hash.
    """
    from kfpkit.images import plan
    from kfpkit.project import find_project

    found = plan(find_project(Path.cwd()), names or (), offline=offline)
    if as_json:
        typer.echo(json.dumps(_document(found), indent=2))
    else:
        _print(found)


def _document(found: Plan) -> dict[str, Any]:
    return {
        "asked": found.asked,
        "environments": [_collect_facts(entry) for entry in found.entries],
        "splits": [_difference(split) for split in found.splits],
    }


def _collect_facts(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.environment.name,
        "image": entry.image,
        "content_hash": entry.environment.content.hash,
        "exists": entry.exists,
        "reasons": list(entry.reasons),
    }


def _difference(split: Split) -> dict[str, Any]:
    return {
        "environment": split.environment,
        "layer": split.layer,
        "others": list(split.others),
        "packages": [
            {"name": name, "here": here, "there": there} for name, here, there in split.packages
        ],
    }


def _print(found: Plan) -> None:
    from rich.table import Table

    table = Table("Environment", "Content hash", "Image", "Reason", box=None)
    for entry in found.entries:
        state = "exists" if entry.exists else "to build"
        because = ", ".join(entry.reasons)
        table.add_row(entry.environment.name, entry.environment.content.hash, state, because)
    if found.entries:
        output.print_table(table)
    for split in found.splits:
        typer.echo(_explain_split(split))
    count = len(found.to_build)
    what = "nothing to build" if not count else f"{count} to build"
    typer.echo(f"{what} (source: {found.asked})")


def _explain_split(split: Split) -> str:
    """Explain which versions keep an image from sharing a layer."""
    here = ", ".join(f"{name} {version}" for name, version, _ in split.packages)
    there = ", ".join(f"{name} {version}" for name, _, version in split.packages)
    return (
        f"{split.environment} does not share the layer `{split.layer}` with "
        f"{', '.join(split.others)}: it has {here}, not {there}. "
        "To share the layer, lock the same versions."
    )
