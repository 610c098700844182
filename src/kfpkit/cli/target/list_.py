"""`kfpkit target list`: the targets of a project."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson


def list_command(as_json: AsJson = False) -> None:
    """List the targets in pyproject.toml."""
    from kfpkit.project import find_project
    from kfpkit.targets import KubeflowTarget, read_targets

    targets = read_targets(find_project(Path.cwd()))
    if as_json:
        facts = [
            {"name": name, **each.model_dump(mode="json", by_alias=True, exclude_none=True)}
            for name, each in targets.items()
        ]
        typer.echo(json.dumps(facts, indent=2))
        return
    if not targets:
        from kfpkit.errors.targets import TARGET_EXAMPLE

        typer.echo(
            "The project has no targets. To add one, add a table to pyproject.toml:\n"
            f"{TARGET_EXAMPLE}"
        )
        return
    from rich.table import Table

    titles = ("Target", "Kind", "Project or host", "Location or namespace", "Pipeline root")
    table = Table(*titles, box=None)
    for name, each in targets.items():
        if isinstance(each, KubeflowTarget):
            where = (each.host or f"context {each.kube_context}", each.namespace)
        else:
            where = (each.project, each.location)
        table.add_row(name, each.kind, *where, each.pipeline_root)
    output.print_table(table, styled=False)
