"""`kfpkit compile`: pipelines as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer


def compile_command(
    pipelines: Annotated[
        list[Path],
        typer.Argument(help="Pipeline files, or folders with a pipeline.py.", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="The .yaml file to write; a folder for several pipelines."
        ),
    ] = Path("build"),
    pipeline: Annotated[
        Optional[str],  # noqa: UP045 - Typer evaluates annotations on Python 3.10 too
        typer.Option(help="The pipeline function's name, where a file defines several."),
    ] = None,
) -> None:
    """Write pipelines as YAML, after checking all that their components need."""
    from kfpkit.compiler import compile_pipeline
    from kfpkit.loading import load_pipeline

    for path in pipelines:
        destination = output if output.suffix in {".yaml", ".yml"} else output / _file_name(path)
        typer.echo(compile_pipeline(load_pipeline(path, pipeline), destination))


def _file_name(path: Path) -> str:
    folder = path.resolve()
    name = folder.parent.name if folder.name == "pipeline.py" else folder.stem
    return f"{name}.yaml"
