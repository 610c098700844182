"""`kfpkit target`: places where pipelines run."""

from __future__ import annotations

import typer

from kfpkit.cli.target import check, list_

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Places where pipelines run.")
app.command("check", short_help="Check what a target needs.")(check.check_command)
app.command("list", short_help="List the project's targets.")(list_.list_command)
