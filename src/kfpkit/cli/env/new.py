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
            "--with", metavar="REQUIREMENT", help='A dependency: "pandas>=2". Repeatable.'
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
            help="One of kfpkit's own environments, with its lock: kfpkit:sklearn.",
        ),
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
    """Write a new environment and lock it; on failure, nothing is left.

    One of kfpkit's own, `--from kfpkit:NAME`, comes with the lock that kfpkit is tested with;
    without other options, it is copied as it is.
    """
    from kfpkit.config import find_project
    from kfpkit.environments import Blueprint, find_shipped
    from kfpkit.environments.locking import create_environment

    if origin is not None:
        if like is not None:
            raise typer.BadParameter("give it or `--like`, not both", param_hint="--from")
        find_shipped(origin)
    blueprint = Blueprint(
        name=name,
        requirements=requirements or (),
        like=origin or like,
        python=python,
        system_packages=system_packages or (),
    )
    project = find_project(Path.cwd())
    environment = create_environment(project, blueprint, progress=output.report_progress)
    locked = f"with the lock of {origin}, as" if blueprint.is_copy else "locked as"
    typer.echo(f"{name}: {locked} {environment.image} for Python {environment.description.python}")
    if not environment.description.document["project"]["dependencies"]:
        typer.echo(_EMPTY.format(name=name, file=output.shorten_path(environment.pyproject)))
    written = (environment.folder, environment.runtime_requirements)
    typer.echo(_NEXT.format(name=name, written=shlex.join(map(output.shorten_path, written))))


_EMPTY = (
    "{name}: has no packages but kfp's runtime. Add some to `dependencies` in {file}, and run "
    "`kfpkit env lock {name}`. kfpkit's own environments have packages: "
    "`kfpkit env new NAME --from kfpkit:sklearn` takes one of them."
)
_NEXT = """
What to do next:
  - Use it in a component:       @kfpkit.component(environment="{name}")
    or bind a component to it:   my_component.in_environment("{name}")
  - Commit what was written:     git add {written}
  - Have its image built:        continuous integration builds and pushes it once it is committed;
                                 `kfpkit env build {name}` builds it on this machine.
    Local runs need no image."""
