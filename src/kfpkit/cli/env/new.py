"""`kfpkit env new`: write and lock a new environment."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import complete_environment


def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new environment's name.")],
    requirements: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="REQUIREMENT", help='A dependency, such as "pandas>=2". Repeatable.'
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="NAME",
            help="An environment to start from.",
            autocompletion=complete_environment,
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="kfpkit:NAME",
            help="A kfpkit environment to copy with its lock, such as kfpkit:sklearn.",
        ),
    ] = None,
    python: Annotated[
        str | None,
        typer.Option("--python", metavar="VERSION", help="The Python version, such as 3.12."),
    ] = None,
    system_packages: Annotated[
        list[str] | None,
        typer.Option(
            "--system-package",
            metavar="PACKAGE",
            help="A Debian package, such as libgomp1. Repeatable.",
        ),
    ] = None,
) -> None:
    """Create and lock a new environment.

    `--from kfpkit:NAME` copies an environment that kfpkit provides. Without other options, the copy
    keeps the lock that kfpkit is tested with. If the command fails, it leaves no files behind.
    """
    from kfpkit.environments.locking import Blueprint, create_environment
    from kfpkit.project import find_project

    if origin is not None and like is not None:
        raise typer.BadParameter("cannot be combined with `--like`", param_hint="--from")
    blueprint = Blueprint(
        name=name,
        requirements=requirements or (),
        like=like,
        origin=origin,
        python=python,
        system_packages=system_packages or (),
    )
    project = find_project(Path.cwd())
    environment = create_environment(project, blueprint, report=output.report_progress)
    locked = f"with the lock of {origin}, as" if blueprint.is_copy else "locked as"
    typer.echo(f"{name}: {locked} {environment.image} for Python {environment.description.python}")
    if not environment.description.dependencies:
        typer.echo(_EMPTY.format(name=name, file=output.shorten_path(environment.pyproject)))
    written = (environment.folder, environment.runtime_requirements)
    typer.echo(_NEXT.format(name=name, written=shlex.join(map(output.shorten_path, written))))


_EMPTY = (
    "{name}: contains only kfp's runtime. Add packages to `dependencies` in {file}, then run "
    "`kfpkit env lock {name}`. To start from an environment with packages, run "
    "`kfpkit env new NAME --from kfpkit:sklearn`."
)
_NEXT = """
Next steps:
  - Use it in a component:       @kfpkit.component(environment="{name}")
    or rebind a component:       my_component.in_environment("{name}")
  - Commit the new files:        git add {written}
  - Build its image:             after the commit, continuous integration builds and pushes it.
                                 To build it on this machine, run `kfpkit env build {name}`.
    Local runs need no image."""
