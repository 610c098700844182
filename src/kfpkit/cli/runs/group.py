"""`kfpkit runs`: look at runs on this machine and of targets."""

from __future__ import annotations

import typer

from kfpkit.cli.runs import associate, cancel, compare, list_, logs, prune, retry, show

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, show, compare, retry, cancel and remove runs.",
)

app.command("list")(list_.list_command)
app.command("show", short_help="Show a run or one of its tasks.")(show.show_command)
app.command("logs")(logs.logs_command)
app.command("compare")(compare.compare_command)
app.command("retry")(retry.retry_command)
app.command("cancel")(cancel.cancel_command)
app.command("associate", short_help="Add a run of a target to an experiment.")(
    associate.associate_command
)
app.command("prune")(prune.prune_command)
