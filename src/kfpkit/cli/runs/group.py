"""`kfpkit runs`: look at the runs of this machine."""

from __future__ import annotations

import typer

from kfpkit.cli.runs import compare, list_, logs, prune, retry, show

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, show, compare, retry and remove runs.",
)

app.command("list")(list_.list_command)
app.command("show", short_help="Show a run or one of its tasks.")(show.show_command)
app.command("logs")(logs.logs_command)
app.command("compare")(compare.compare_command)
app.command("retry")(retry.retry_command)
app.command("prune")(prune.prune_command)
