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
        bool, typer.Option("--push", help="Push what the registry lacks, after its check.")
    ] = False,
    missing: Annotated[
        bool, typer.Option("--missing", help="Only what the registry lacks, to push it later.")
    ] = False,
    attach: Annotated[
        bool,
        typer.Option(
            "--attach",
            help="With --push: attach to images a bill of materials, and their provenance.",
        ),
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="How many are built at a time.")
    ] = 2,
    base_image: Annotated[
        str | None,
        typer.Option(
            "--base-image",
            metavar="REF",
            help="Take the base image from another place; it has to be the same image.",
        ),
    ] = None,
    network: Annotated[
        str | None,
        typer.Option("--network", help="The network of the build's steps: host, for example."),
    ] = None,
) -> None:
    """Build the images that this machine's engine lacks; with --push, that the registry lacks."""
    if attach and not push:
        raise typer.BadParameter(
            "it goes with --push: it is kept in the registry", param_hint="--attach"
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
            typer.echo("The registry lacks no image.")
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
    """Let what ends jobs of a continuous integration end this as Ctrl-C does: files go."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """Show a line for each environment while it is worked on; plain lines without a terminal."""
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
