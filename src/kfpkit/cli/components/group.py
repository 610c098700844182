"""`kfpkit components`: the catalogue."""

from __future__ import annotations

import typer

from kfpkit.cli.components import list_, show

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List and show the catalogue's components."
)
app.command("list", short_help="List components by purpose, input, output or environment.")(
    list_.list_command
)
app.command("show", short_help="Show a component's inputs, outputs and environments.")(
    show.show_command
)
