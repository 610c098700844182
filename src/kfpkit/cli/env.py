"""`kfpkit env`: environments and their images."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import env_audit, env_build, env_list, env_new, env_plan

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

Names = Annotated[list[str], typer.Argument(metavar="NAME", help="Names of environments.")]
SomeNames = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="Names; all when left out.")
]


@app.command("lock")
def lock_command(
    names: Names,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Take the newest allowed versions.")
    ] = False,
) -> None:
    """Write poetry.lock and imports.json from a pyproject.toml; on failure, neither changes."""
    from kfpkit.config import find_project
    from kfpkit.environments.locking import lock_environment

    project = find_project(Path.cwd())
    for name in names:
        environment = lock_environment(project, name, upgrade=upgrade, progress=_report)
        typer.echo(f"{name}: locked as {environment.image}")


@app.command("check")
def check_command(names: SomeNames = None) -> None:
    """Check locks, import names and kfp's runtime; exit with 1 when something is wrong."""
    from kfpkit.config import find_project
    from kfpkit.environments import environment_names, find_environment
    from kfpkit.environments.checks import check_environment
    from kfpkit.errors import InvalidEnvironmentError

    project = find_project(Path.cwd())
    chosen = names or environment_names(project)
    if not chosen:
        typer.echo(env_list.hint(project))
    failed = False
    for name in chosen:
        try:
            problems = check_environment(find_environment(project, name))
        except InvalidEnvironmentError as error:
            problems = (str(error),)
        failed = failed or bool(problems)
        for problem in problems or ("ok",):
            typer.echo(f"{name}: {problem}")
    if failed:
        raise typer.Exit(1)


def _report(line: str) -> None:
    typer.echo(line, err=True)
