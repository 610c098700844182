"""`kfpkit components show`: one component of the catalogue."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.authoring import Port
    from kfpkit.catalogue import Entry, Place


def show_command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A component, such as `train_model`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show what a component of the catalogue does, takes and produces, and where it runs."""
    import_without_client()
    from kfpkit.catalogue import find_entry
    from kfpkit.project import find_project

    entry = find_entry(name, find_project(Path.cwd()))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(entry), indent=2))
    else:
        for line in _describe(entry):
            typer.echo(line)


def _describe(entry: Entry) -> Iterator[str]:
    yield f"from kfpkit.components import {entry.name}"
    yield ""
    yield entry.description
    yield from _describe_ports("Inputs", entry.inputs)
    yield from _describe_ports("Outputs", entry.outputs)
    yield ""
    yield "Environments:"
    for place in entry.environments:
        yield f"  {_describe_place(place, is_default=place.name == entry.environment)}"


def _describe_ports(title: str, ports: Sequence[Port]) -> Iterator[str]:
    if not ports:
        return
    yield ""
    yield f"{title}:"
    for port in ports:
        default = f" = {json.dumps(port.default)}" if port.default is not None else ""
        optional = ", optional" if port.is_optional and port.default is None else ""
        yield f"  {port.name}: {port.type}{default}{optional}"
        if port.description:
            yield f"      {port.description}"


def _describe_place(place: Place, *, is_default: bool) -> str:
    facts = ["default"] if is_default else []
    if place.compressed is not None:
        facts.append(f"image {output.megabytes(place.compressed)} compressed")
    if not place.in_project:
        facts.append(f"add it with: kfpkit env new {place.name} --from kfpkit:{place.name}")
    return f"{place.name} ({'; '.join(facts)})" if facts else place.name
