"""`kfpkit env build`: build, check and push the images that are missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import SomeNames

if TYPE_CHECKING:
    from kfpkit.images import Image


def build_command(
    names: SomeNames = None,
    push: Annotated[
        bool,
        typer.Option("--push", help="Check each image and push it if the registry lacks it."),
    ] = False,
    missing: Annotated[
        bool,
        typer.Option("--missing", help="Build only images that are missing from the registry."),
    ] = False,
    attach: Annotated[
        bool,
        typer.Option(
            "--attach",
            help="With --push: attach a bill of materials and provenance to each image.",
        ),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="The number of parallel builds."),
    ] = 2,
    base_image: Annotated[
        str | None,
        typer.Option(
            "--base-image",
            metavar="REF",
            help="Pull the base image from REF, for example on a mirror. REF must be the same "
            "image.",
        ),
    ] = None,
    network: Annotated[
        str | None,
        typer.Option(
            "--network", metavar="NAME", help="The network for build steps, such as host."
        ),
    ] = None,
) -> None:
    """Build the images that are missing.

    Without --push, these are the images that the local container engine lacks; with --push, those
    that the registry lacks.
    """
    if attach and not push:
        raise typer.BadParameter(
            "requires --push, because attachments are stored in the registry", param_hint="--attach"
        )
    from kfpkit.cli.env.steps import ended_by_sigterm, shown_steps
    from kfpkit.images import attest, build
    from kfpkit.project import find_project

    project = find_project(Path.cwd())
    with ended_by_sigterm(), shown_steps() as report:
        images = build(
            project,
            names or (),
            push=push,
            missing=missing,
            jobs=jobs,
            base_image=base_image,
            network=network,
            report=report,
        )
    for image in images:
        typer.echo(_line(image))
    if missing and not images:
        typer.echo("The registry has all images.")
    if attach:
        attest(project, images, report=output.report_progress)


def _line(image: Image) -> str:
    sizes = []
    if image.size is not None:
        sizes.append(output.megabytes(image.size))
    if image.compressed is not None:
        sizes.append(f"{output.megabytes(image.compressed)} compressed")
    state = f"built in {image.seconds:.0f} s" if image.built else "exists"
    facts = ", ".join([state, *sizes, *([image.digest] if image.digest else [])])
    return f"{image.name}: {image.reference} ({facts})"
