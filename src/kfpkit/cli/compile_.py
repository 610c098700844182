"""`kfpkit compile`: compile pipelines to YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli.options import AsJson, PipelineName
from kfpkit.cli.output import diverted
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.specification import BaseComponent


app = typer.Typer(rich_markup_mode=None)


@app.command("compile")
def compile_command(
    pipelines: Annotated[
        list[Path],
        typer.Argument(
            metavar="PIPELINE",
            help="Pipeline files, folders with a pipeline.py, or parent folders of these.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="The .yaml file to write, or a folder for several pipelines.",
        ),
    ] = Path("build"),
    pipeline: PipelineName = None,
    pin: Annotated[
        bool,
        typer.Option("--pin", help="Pin images to the digests that the registry reports."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check pipelines and compile them to YAML."""
    import_without_client()
    jobs = _plan_jobs(pipelines, output)
    done = []
    with diverted(as_json):
        for facts in (_compile_pinned if pin else _compile)(jobs, pipeline):
            done.append(facts)
            if not as_json:
                typer.echo(facts["file"])
    if as_json:
        typer.echo(json.dumps(done, indent=2))


@dataclass(frozen=True, kw_only=True)
class _Job:
    """A pipeline, and the file to write."""

    source: Path
    destination: Path


def _compile(jobs: list[_Job], pipeline: str | None) -> Iterator[dict[str, Any]]:
    from kfpkit.compiler import compile_pipeline
    from kfpkit.loading import load_pipeline

    for job in jobs:
        loaded = load_pipeline(job.source, pipeline)
        compile_pipeline(loaded, job.destination)
        yield _collect_facts(job, loaded, {})


def _compile_pinned(jobs: list[_Job], pipeline: str | None) -> Iterator[dict[str, Any]]:
    """Resolve all images before writing any file, and report all that are missing."""
    from kfpkit.compiler import compile_pipeline, list_images
    from kfpkit.images import fetch_pins
    from kfpkit.loading import load_pipeline
    from kfpkit.project import find_project

    loaded = {job: load_pipeline(job.source, pipeline) for job in jobs}
    images = [image for found in loaded.values() for image in list_images(found)]
    projects = {job: find_project(job.source) for job in jobs}
    pins = {project: fetch_pins(project, images) for project in projects.values()}
    for job in jobs:
        own = pins[projects[job]]
        compile_pipeline(loaded[job], job.destination, pins=own)
        yield _collect_facts(job, loaded[job], own)


def _collect_facts(job: _Job, pipeline: BaseComponent, pins: Mapping[str, str]) -> dict[str, Any]:
    from kfpkit.compiler import list_images

    return {
        "name": pipeline.name,
        "source": str(job.source),
        "file": str(job.destination),
        "images": sorted(pins.get(image, image) for image in list_images(pipeline)),
    }


def _plan_jobs(paths: list[Path], output: Path) -> list[_Job]:
    """Give each pipeline a file to write; no file is written twice."""
    from kfpkit.loading import find_pipelines

    sources = dict.fromkeys(source for path in paths for source in find_pipelines(path))
    taken: dict[Path, Path] = {}
    for source in sources:
        is_file = output.suffix in {".yaml", ".yml"}
        destination = output if is_file else output / _file_name(source)
        if destination in taken:
            problem = f"`{taken[destination]}` and `{source}` would both be written to"
            raise typer.BadParameter(
                f"{problem} {destination}. Compile each one separately, with its own --output.",
                param_hint="--output",
            )
        taken[destination] = source
    return [_Job(source=source, destination=file) for file, source in taken.items()]


def _file_name(path: Path) -> str:
    folder = path.resolve()
    name = folder.parent.name if folder.name == "pipeline.py" else folder.stem
    return f"{name}.yaml"
