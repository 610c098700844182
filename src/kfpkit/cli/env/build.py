"""`kfpkit env build`: build, check and push the images that are missing."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import SomeNames

if TYPE_CHECKING:
    from kfpkit.images import Image, Step


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
        int, typer.Option("--jobs", "-j", min=1, help="The number of parallel builds.")
    ] = 2,
    base_image: Annotated[
        str | None,
        typer.Option(
            "--base-image",
            metavar="REF",
            help="Pull the base image from REF, such as a mirror. It must be the same image.",
        ),
    ] = None,
    network: Annotated[
        str | None,
        typer.Option("--network", help="The network for build steps, such as host."),
    ] = None,
) -> None:
    """Build images that the local container engine lacks or, with --push, the registry lacks."""
    if attach and not push:
        raise typer.BadParameter(
            "requires --push, because attachments are stored in the registry", param_hint="--attach"
        )
    from kfpkit.config import find_project
    from kfpkit.environments import require_environments
    from kfpkit.images import build, plan

    project = find_project(Path.cwd())
    if not names:
        require_environments(project)
    if missing:
        names = [entry.environment.name for entry in plan(project, names or ()).to_build]
        if not names:
            typer.echo("The registry has all images.")
            return
    with _ended_by_sigterm(), _progress() as tell:
        images = build(
            project,
            names or (),
            push=push,
            jobs=jobs,
            base_image=base_image,
            network=network,
            progress=tell,
        )
    for image in images:
        typer.echo(_line(image))
    if attach:
        from kfpkit.images import attest

        attest(project, images, progress=output.report_progress)


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Handle SIGTERM, which ends continuous integration jobs, like Ctrl-C: clean up files."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """Show a live line for each environment on a terminal, and plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield lambda step: output.report_progress(f"{step.name}: {step.doing}")
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        rows = {}

        def tell(step: Step) -> None:
            if step.name not in rows:
                rows[step.name] = shown.add_task(step.name, total=1)
            description = f"{step.name}: {step.doing}"
            shown.update(rows[step.name], description=description, completed=int(step.is_over))

        yield tell


def _line(image: Image) -> str:
    sizes = []
    if image.size is not None:
        sizes.append(output.megabytes(image.size))
    if image.compressed is not None:
        sizes.append(f"{output.megabytes(image.compressed)} compressed")
    state = f"built in {image.seconds:.0f} s" if image.built else "exists"
    facts = ", ".join([state, *sizes, *([image.digest] if image.digest else [])])
    return f"{image.name}: {image.reference} ({facts})"
