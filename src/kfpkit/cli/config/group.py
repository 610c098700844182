"""`kfpkit config`: the configurations of pipelines."""

from __future__ import annotations

import typer

from kfpkit.cli.config import check, schema, show

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show and check the configurations of pipelines.",
)

app.command("show", short_help="Show the values that a run would use, and their origins.")(
    show.show_command
)
app.command("check", short_help="Check the configuration files of pipelines.")(check.check_command)
app.command("schema", short_help="Write JSON Schemas for editors.")(schema.schema_command)
