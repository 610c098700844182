"""`kfpkit compile`: pipelines as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kfpkit.kfp_imports import import_without_client


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
        str | None,
        typer.Option(help="The pipeline function's name, where a file defines several."),
    ] = None,
    pin: Annotated[
        bool,
        typer.Option("--pin", help="Write environments' images by digest, asked of the registry."),
    ] = False,
) -> None:
    """Write pipelines as YAML, after checking all that their components need."""
    import_without_client()
    from kfpkit.compiler import compile_pipeline
    from kfpkit.loading import load_pipeline

    destinations = _destinations(pipelines, output)
    if pin:
        _compile_pinned(destinations, pipeline)
        return
    for destination, path in destinations.items():
        typer.echo(compile_pipeline(load_pipeline(path, pipeline), destination))


def _compile_pinned(destinations: dict[Path, Path], pipeline: str | None) -> None:
    """Write nothing before all images are known, and name all that are missing."""
    from kfpkit.compiler import compile_pipeline, images_of
    from kfpkit.config import find_project
    from kfpkit.images import pins_of
    from kfpkit.loading import load_pipeline

    loaded = {path: load_pipeline(path, pipeline) for path in destinations.values()}
    images = [image for found in loaded.values() for image in images_of(found)]
    pins = {project: pins_of(project, images) for project in map(find_project, loaded)}
    for destination, path in destinations.items():
        typer.echo(compile_pipeline(loaded[path], destination, pins=pins[find_project(path)]))


def _destinations(pipelines: list[Path], output: Path) -> dict[Path, Path]:
    """Map the files to write to their pipelines; no file is written twice."""
    found: dict[Path, Path] = {}
    for path in pipelines:
        destination = output if output.suffix in {".yaml", ".yml"} else output / _file_name(path)
        if destination in found:
            problem = f"`{found[destination]}` and `{path}` would both be written to {destination}."
            raise typer.BadParameter(
                f"{problem} Compile them one by one, each with a file of its own as --output.",
                param_hint="--output",
            )
        found[destination] = path
    return found


def _file_name(path: Path) -> str:
    folder = path.resolve()
    name = folder.parent.name if folder.name == "pipeline.py" else folder.stem
    return f"{name}.yaml"
