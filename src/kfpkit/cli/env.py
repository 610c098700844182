"""`kfpkit env`: environments and their images."""

from __future__ import annotations

import typer

from kfpkit.cli import (
    env_audit,
    env_build,
    env_check,
    env_clean,
    env_list,
    env_lock,
    env_new,
    env_path,
    env_plan,
    env_run,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The environments that components run in, and their images.",
)

app.command("audit")(env_audit.audit_command)
app.command("list")(env_list.list_command)
app.command("new")(env_new.new_command)
app.command("plan")(env_plan.plan_command)
app.command("build")(env_build.build_command)
app.command("lock")(env_lock.lock_command)
app.command("check")(env_check.check_command)
app.command("path")(env_path.path_command)
app.command("run", context_settings=env_run.SETTINGS)(env_run.run_command)
app.command("clean")(env_clean.clean_command)
