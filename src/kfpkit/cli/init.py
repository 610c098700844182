"""`kfpkit init`: write a new project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output


def init_command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="NAME", help="The project's name: the folder to write. A path works too."
        ),
    ],
) -> None:
    """Write a new project that runs: a pipeline, a component, tests, an environment, a Makefile.

    It gets kfpkit's environment for scikit-learn, and a lock of its tools. On failure, nothing is
    left.
    """
    from kfpkit.environments import list_shipped_names
    from kfpkit.scaffold import create_project

    project = create_project(folder, progress=output.report_progress)
    others = ", ".join(name for name in list_shipped_names() if name != "sklearn")
    shown = output.shorten_path(project.root)
    typer.echo(f"{project.root.name}: written to {shown}")
    typer.echo(_NEXT.format(enter="" if shown == "." else f"cd {shown} && ", others=others))


_NEXT = """
What to do next:
  - Run its pipeline:            {enter}make run
  - Run its tests:               make test
  - Read README.md, which says what is where.
  - Take more environments:      .venv/bin/kfpkit env new gcp --from kfpkit:gcp
    kfpkit has others:           {others}"""
