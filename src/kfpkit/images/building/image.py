"""Provides one image where it is needed: in the engine, or in the registry."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kfpkit import files
from kfpkit.engine import Engine
from kfpkit.environments import Environment
from kfpkit.errors import ForeignImageError, ImageFilesError
from kfpkit.images import records
from kfpkit.images.base import BaseImage
from kfpkit.images.building.docker_build import build_image
from kfpkit.images.building.pushing import push_image
from kfpkit.images.labels import HASH_LABEL
from kfpkit.images.records import Record
from kfpkit.images.registry import Registry, RemoteImage
from kfpkit.listeners import Listener
from kfpkit.processes import Processes
from kfpkit.project import Project


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that exists after `build`.

    Args:
        name: The environment's name.
        reference: `REGISTRY/NAME:HASH`.
        size: Its uncompressed size in bytes. None if this machine's engine doesn't have it.
        compressed: The bytes that a pull transfers. None if it isn't in the registry.
        digest: Its digest in the registry. None if it isn't there.
        built: Whether this command built it.
        pushed: Whether this command pushed it.
        seconds: The time that this took.
    """

    name: str
    reference: str
    size: int | None
    compressed: int | None
    digest: str | None
    built: bool
    pushed: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Everything that the images of one command share.

    Args:
        project: The project.
        engine: The engine.
        registry: The client of registries.
        installer: Fetches the installer, once.
        find_base: Resolves the name of a base image.
        push: Whether images must be in the registry.
        base_image: A mirror of the base image. None to use the environment's own reference.
        network: The network of build steps. None for the engine's default.
        processes: Starts builds and checks, and can end them.
    """

    project: Project
    engine: Engine
    registry: Registry
    installer: Callable[[], Path]
    find_base: Callable[[str], BaseImage]
    push: bool
    base_image: str | None
    network: str | None
    processes: Processes


def provide_image(workshop: Workshop, environment: Environment, report: Listener) -> Image:
    """Build an image unless the engine has it, and push it if requested.

    Args:
        workshop: The shared tools and settings.
        environment: The environment.
        report: Called with each step.

    Raises:
        EnvironmentsError: The lock can't be exported.
        ImagesError: It can't be built or pushed.
    """
    try:
        return _provide(workshop, environment, report)
    except workshop.engine.faults as error:
        raise workshop.engine.fault(error) from error
    except OSError as error:
        folder = records.folder(workshop.project)
        raise ImageFilesError(folder=folder, cause=error.strerror or str(error)) from error


def _provide(workshop: Workshop, environment: Environment, report: Listener) -> Image:
    started = time.monotonic()
    log = records.log_file(workshop.project, environment)
    log.parent.mkdir(parents=True, exist_ok=True)
    waiting = functools.partial(report, "waiting for another process that is building it")
    with files.held(log.with_suffix(".lock"), waiting=waiting):
        built = not _is_in_engine(workshop.engine, environment)
        if built:
            _build(workshop, environment, log, report)
        found = workshop.engine.find(environment.image) or {}
        remote, pushed = None, False
        if workshop.push:
            remote, pushed = push_image(
                workshop.engine, workshop.registry, environment, log=log, report=report
            )
        seconds = time.monotonic() - started
        image = describe_image(
            environment,
            remote=remote,
            size=found.get("Size"),
            built=built,
            pushed=pushed,
            seconds=seconds,
        )
        _record(workshop.project, environment, image)
    return image


def _build(workshop: Workshop, environment: Environment, log: Path, report: Listener) -> None:
    name = workshop.base_image or environment.description.base_image
    build_image(
        workshop.engine,
        environment,
        uv=workshop.installer(),
        base=workshop.find_base(name),
        network=workshop.network,
        processes=workshop.processes,
        log=log,
        report=report,
    )


def _is_in_engine(engine: Engine, environment: Environment) -> bool:
    found = engine.find(environment.image)
    if found is None:
        return False
    carried = (found["Config"].get("Labels") or {}).get(HASH_LABEL)
    if carried != environment.content.hash:
        raise ForeignImageError(
            image=environment.image,
            found=carried,
            where="in the local container engine",
            remedy=f"Remove it (`docker rmi {environment.image}`) and run the command again.",
        )
    return True


def _record(project: Project, environment: Environment, image: Image) -> None:
    known = records.read(project, environment)
    record = Record(
        image=image.reference,
        size=image.size,
        compressed=image.compressed or (known.compressed if known else None),
        digest=image.digest or (known.digest if known else None),
        parts=environment.content.parts,
    )
    records.write(project, environment, record)


def describe_image(  # noqa: PLR0913 - the facts of an image, each by its name
    environment: Environment,
    *,
    remote: RemoteImage | None,
    size: int | None = None,
    built: bool = False,
    pushed: bool = False,
    seconds: float = 0.0,
) -> Image:
    """Describe an existing image with facts of the registry and the engine."""
    return Image(
        name=environment.name,
        reference=environment.image,
        size=size,
        compressed=remote.size if remote else None,
        digest=remote.digest if remote else None,
        built=built,
        pushed=pushed,
        seconds=seconds,
    )
