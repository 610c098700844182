"""`kfpkit env`: environments and their images."""

from __future__ import annotations

import typer

from kfpkit.cli.env import audit, build, check, clean, list_, lock, new, path, plan, run

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Manage environments and their images.",
)

app.command("audit", short_help="Show licenses and known vulnerabilities.")(audit.audit_command)
app.command("list", short_help="List environments and the components that use them.")(
    list_.list_command
)
app.command("new")(new.new_command)
app.command("plan")(plan.plan_command)
app.command("build", short_help="Build and push missing images.")(build.build_command)
app.command("lock", short_help="Write poetry.lock and imports.json.")(lock.lock_command)
app.command("check")(check.check_command)
app.command("path", short_help="Print the path to an environment's Python.")(path.path_command)
app.command("run", short_help="Run a command in an environment.", context_settings=run.SETTINGS)(
    run.run_command
)
app.command("clean", short_help="Remove unused virtual environments.")(clean.clean_command)
