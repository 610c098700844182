"""`kfpkit init`: create a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command("init", short_help="Create a project that runs right away.")
def init_command(
    folder: Annotated[
        Path,
        typer.Argument(metavar="NAME", help="The name or path of the project folder to create."),
    ],
    template: Annotated[
        str,
        typer.Option(
            metavar="TEMPLATE",
            help="`training` (a component of your own, in a pipeline) or `table` (from a table to "
            "a judged model, by configuration alone).",
        ),
    ] = "training",
) -> None:
    """Create a project with a working pipeline, tests, environments and Makefile.

    The project includes kfpkit's environment for scikit-learn (`table`: also those for XGBoost and
    LightGBM) and a lock file for its tools. If the command fails, it leaves no files behind.
    """
    from kfpkit.environments import list_environment_names, list_shipped_names
    from kfpkit.scaffold import create_project

    project = create_project(folder, template=template, report=output.report_progress)
    own = list_environment_names(project)
    others = ", ".join(name for name in list_shipped_names() if name not in own)
    shown = output.shorten_path(project.root)
    typer.echo(f"{project.root.name}: created in {shown}")
    typer.echo(_NEXT.format(enter="" if shown == "." else f"cd {shown} && ", others=others))


_NEXT = """
Next steps:
  - Run the pipeline:            {enter}make run
  - Run the tests:               make test
  - See README.md for the project's layout.
  - Add another environment:     .venv/bin/kfpkit env new gcp --from kfpkit:gcp
    kfpkit also provides:        {others}"""
