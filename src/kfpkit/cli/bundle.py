"""`kfpkit bundle`: what ships with a component, and why."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.source import print_source
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.authoring import Component

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Inspect what ships with a component.",
)


@app.callback()
def bundle() -> None:
    """Inspect what ships with a component."""


@app.command("show", short_help="Show the files that ship with a component, and why.")
def show_command(
    component: Annotated[
        str,
        typer.Argument(
            metavar="COMPONENT", help="A component: `package.module:name` or `path/file.py:name`."
        ),
    ],
    source: Annotated[
        bool,
        typer.Option(
            "--source",
            help="Show the component's own module as it ships, with a reason for each statement.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the files that ship with a component, with sizes, reasons and the bundle's digest."""
    import_without_client()
    # Before a module of the author's can be found in its place.
    import rich.table  # noqa: F401

    from kfpkit.bundle import BundleWarning
    from kfpkit.loading import load_component

    with warnings.catch_warnings(), output.diverted(as_json):
        # The table shows them.
        warnings.simplefilter("ignore", BundleWarning)
        facts = _collect_facts(load_component(component, Path.cwd()))
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    elif source:
        print_source(facts)
    else:
        _print(facts)


def _collect_facts(component: Component) -> dict[str, Any]:
    from kfpkit.bundle import encode

    bundle = component.bundle
    own = bundle.own_module
    command = encode(bundle, carry_runtime=component.options.carries_runtime)
    return {
        "component": f"{bundle.module}:{bundle.function}",
        "digest": bundle.digest,
        "encoded_bytes": sum(len(element) for element in command),
        "files": [
            {
                "path": file.path,
                "bytes": len(file.content),
                "source": str(file.source),
                "chain": list(file.chain),
            }
            for file in bundle.files
        ],
        "skipped": [str(path) for path in bundle.skipped],
        "allowed_secrets": [
            {"place": str(secret.place), "kind": secret.kind} for secret in bundle.secrets
        ],
        "imports": [needed.module for needed in bundle.imports],
        "own_module": {
            "path": own.path,
            "source": own.content.decode(errors="replace"),
            "statements": [
                {
                    "line": each.line,
                    "end": each.end,
                    "words": each.words,
                    "verdict": each.verdict.value,
                    "reason": each.reason,
                }
                for each in bundle.decisions
            ],
        },
        "warnings": list(bundle.warnings),
    }


def _print(facts: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("File", "Bytes", "Why", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    table.columns[2].overflow = "fold"
    for file in facts["files"]:
        table.add_row(file["path"], f"{file['bytes']:,}", " → ".join(file["chain"]))
    output.print_table(table, styled=False)
    total = sum(file["bytes"] for file in facts["files"])
    typer.echo(f"\n{len(facts['files'])} files, {total:,} bytes")
    typer.echo(f"Encoded in the command: {facts['encoded_bytes']:,} bytes")
    typer.echo(f"Digest: {facts['digest']}")
    if facts["skipped"]:
        typer.echo(f"Left out: {', '.join(facts['skipped'])}")
    for secret in facts["allowed_secrets"]:
        typer.echo(f"Allowed secret: {secret['place']}: {secret['kind']}")
    if facts["imports"]:
        typer.echo(f"From the environment: {', '.join(facts['imports'])}")
    for warning in facts["warnings"]:
        typer.echo(f"Warning: {warning}")
