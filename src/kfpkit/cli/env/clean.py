"""`kfpkit env clean`: remove virtual environments that no lock uses any longer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kfpkit.environments.venvs import Remnant


def clean_command(
    as_json: AsJson = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed without removing it.")
    ] = False,
) -> None:
    """Remove unused virtual environments from the cache.

    A virtual environment is kept if it matches a lock in any project that has used it, if a run is
    using it, or if an earlier kfpkit version created it without recording its projects.
    """
    from kfpkit.environments.venvs import clean_cache, survey_cache

    remnants = survey_cache() if dry_run else clean_cache()
    if as_json:
        typer.echo(json.dumps([_collect_facts(remnant) for remnant in remnants], indent=2))
        return
    _print(remnants, removed="would be removed" if dry_run else "removed")


def _collect_facts(remnant: Remnant) -> dict[str, Any]:
    return {
        "path": str(remnant.path),
        "removed": remnant.can_go,
        "kept_by": remnant.kept_by or None,
        "size": remnant.size,
    }


def _print(remnants: Sequence[Remnant], *, removed: str) -> None:
    from rich.table import Table

    table = Table("Virtual environment", "State", "Freed", box=None)
    for remnant in remnants:
        state = removed if remnant.can_go else f"kept by {remnant.kept_by}"
        freed = output.megabytes(remnant.size) if remnant.can_go else ""
        table.add_row(remnant.path.name, state, freed)
    if remnants:
        output.print_table(table)
    gone = [remnant for remnant in remnants if remnant.can_go]
    total = output.megabytes(sum(remnant.size for remnant in gone))
    typer.echo(f"{len(gone)} of {len(remnants)} {removed}, {total}")
