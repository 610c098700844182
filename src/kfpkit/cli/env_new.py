"""`kfpkit env new`: write and lock a new environment."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output


def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new environment's name.")],
    requirements: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="REQUIREMENT", help='A dependency: "pandas>=2". Repeatable.'
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="NAME", help="An environment to start from."),
    ] = None,
    python: Annotated[
        str | None, typer.Option("--python", metavar="VERSION", help="The Python version: 3.12.")
    ] = None,
    system_packages: Annotated[
        list[str] | None,
        typer.Option(
            "--system-package", metavar="PACKAGE", help="A Debian package: libgomp1. Repeatable."
        ),
    ] = None,
) -> None:
    """Write a new environment and lock it; on failure, nothing is left."""
    from kfpkit.config import find_project
    from kfpkit.environments.creation import create_environment
    from kfpkit.environments.description import Blueprint

    blueprint = Blueprint(
        name=name,
        requirements=requirements or (),
        like=like,
        python=python,
        system_packages=system_packages or (),
    )
    project = find_project(Path.cwd())
    environment = create_environment(project, blueprint, progress=output.progress)
    typer.echo(f"{name}: locked as {environment.image} for Python {environment.python}")
    if not environment.document["project"]["dependencies"]:
        typer.echo(_EMPTY.format(name=name, file=output.shown(environment.pyproject)))
    written = (environment.folder, environment.runtime_requirements)
    typer.echo(_NEXT.format(name=name, written=shlex.join(map(output.shown, written))))


_EMPTY = (
    "{name}: has no packages but kfp's runtime. Add some to `dependencies` in {file}, and run "
    "`kfpkit env lock {name}`."
)
_NEXT = """
What to do next:
  - Use it in a component:       @kfpkit.component(environment="{name}")
    or bind a component to it:   my_component.in_environment("{name}")
  - Commit what was written:     git add {written}
  - Have its image built:        continuous integration builds and pushes it once it is committed;
                                 `kfpkit env build {name}` builds it on this machine.
    Local runs need no image."""
