"""`kfpkit env`: environments and their images."""

from __future__ import annotations

import typer

from kfpkit.cli.env import audit, build, check, clean, list_, lock, new, path, plan, run

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Manage environments and their images.",
)

app.command("audit")(audit.audit_command)
app.command("list")(list_.list_command)
app.command("new")(new.new_command)
app.command("plan")(plan.plan_command)
app.command("build")(build.build_command)
app.command("lock")(lock.lock_command)
app.command("check")(check.check_command)
app.command("path")(path.path_command)
app.command("run", context_settings=run.SETTINGS)(run.run_command)
app.command("clean")(clean.clean_command)
