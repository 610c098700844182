"""`kfpkit env clean`: remove virtual environments that no lock uses any longer."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson


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
    deleted = not dry_run
    if as_json:
        facts = [
            {"path": str(each.path), **output.describe_removal(each, deleted=deleted)}
            for each in remnants
        ]
        typer.echo(json.dumps(facts, indent=2))
    else:
        named = {each.path.name: each for each in remnants}
        count = str(len(remnants))
        output.print_removals(named, title="Virtual environment", count=count, deleted=deleted)
