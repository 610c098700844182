"""Building the images that are missing: several at a time."""

from __future__ import annotations

import contextlib
import functools
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

from kfpkit import files
from kfpkit.config import Project
from kfpkit.engine import Engine
from kfpkit.environments import Environment
from kfpkit.errors import (
    EnvironmentsError,
    ForeignImageError,
    ImageFilesError,
    ImagesError,
    SeveralImagesError,
)
from kfpkit.images import context, pins, records, workers
from kfpkit.images.children import Children
from kfpkit.images.docker_build import Report, build_image
from kfpkit.images.parts import HASH_LABEL, parts_of
from kfpkit.images.planning import require_registry, selected
from kfpkit.images.pushing import push_image
from kfpkit.images.records import Record
from kfpkit.images.references import parse
from kfpkit.images.registry import Registry, RemoteImage

Progress = Callable[[str, str], None]
_SECONDS_TO_END = 2.0
_PATIENCE = 600.0  # seconds, for one answer of an engine that is busy


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that exists after `build`.

    Args:
        name: The environment's name.
        reference: `REGISTRY/NAME:HASH`.
        size: Its bytes, unpacked; None when this machine's engine does not have it.
        compressed: The bytes that a pull transfers; None when it is not in the registry.
        digest: Its digest in the registry; None when it is not there.
        built: Whether it was built just now.
        seconds: What it took.
    """

    name: str
    reference: str
    size: int | None
    compressed: int | None
    digest: str | None
    built: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What all builds of one call share."""

    project: Project
    engine: Engine
    registry: Registry
    installer: Callable[[], Path]
    push: bool
    base_image: str | None
    network: str | None
    children: Children


def build(  # noqa: PLR0913 - the options of one command, each by its name
    project: Project,
    names: Sequence[str] = (),
    *,
    push: bool = False,
    jobs: int = 2,
    base_image: str | None = None,
    network: str | None = None,
    progress: Progress | None = None,
) -> tuple[Image, ...]:
    """Build the images that are missing: in the registry when they are pushed, else in the engine.

    An image gets its name when it has passed its check, and is pushed after that; so what has a
    name is complete, whenever the work is interrupted. The same call again does the rest.

    Args:
        project: The project.
        names: The environments; all that have images when empty.
        push: Whether the images are to be in the registry.
        jobs: How many are built at a time.
        base_image: Where the base image is to be had instead: the same image in another place.
        network: The network of the build's steps, as `docker build --network` takes it.
        progress: Told an environment's name and what is done for it.

    Returns:
        The images, in the order of the environments.

    Raises:
        EnvironmentsError: An environment is unknown, stale, or cannot be exported.
        NoImageError: An environment is named that has no image.
        NoRegistryError: A push is wanted, and the project's registry names no host.
        ImagesError: An image cannot be built or pushed; the others are done first.
    """
    chosen = selected(project, names)
    if push:
        require_registry(project)
    tell = progress or _silent
    with (
        tempfile.TemporaryDirectory(prefix="kfpkit-uv-") as scratch,
        contextlib.closing(Engine(patience=_PATIENCE)) as engine,
        contextlib.closing(Registry()) as registry,
    ):
        work = _Work(
            project=project,
            engine=engine,
            registry=registry,
            installer=_once(functools.partial(context.installer, Path(scratch))),
            push=push,
            base_image=base_image,
            network=network,
            children=Children(),
        )
        tasks = [
            functools.partial(_make, work, one, functools.partial(tell, one.name)) for one in chosen
        ]
        return _gathered(workers.start(tasks, jobs=jobs), work.children)


def _gathered(started: Sequence[Future[Image]], children: Children) -> tuple[Image, ...]:
    """Wait for all, then raise what went wrong.

    An interruption ends the builds, which then remove their files. A push may hang, and nobody
    waits for it.
    """
    try:
        wait(started)
    except BaseException:
        for future in started:
            future.cancel()
        children.end()
        wait(started, timeout=_SECONDS_TO_END)
        raise
    images: list[Image] = []
    errors: list[ImagesError | EnvironmentsError] = []
    for future in started:
        try:
            images.append(future.result())
        except (ImagesError, EnvironmentsError) as error:  # noqa: PERF203 - they are few
            errors.append(error)
    if len(errors) > 1:
        raise SeveralImagesError(errors=errors)
    if errors:
        raise errors[0]
    return tuple(images)


def _make(work: _Work, environment: Environment, report: Report) -> Image:
    """See that an environment's image is where it is wanted."""
    started = time.monotonic()
    try:
        remote = _remote(work, environment)
        if remote is None:
            return _make_here(work, environment, report, started)
    except work.engine.faults as error:
        raise work.engine.fault(error) from error
    except OSError as error:
        folder = records.folder(work.project)
        raise ImageFilesError(folder=folder, cause=error.strerror or str(error)) from error
    report("exists")
    return _image(environment, remote=remote)


def _make_here(work: _Work, environment: Environment, report: Report, started: float) -> Image:
    log = records.log_file(work.project, environment)
    log.parent.mkdir(parents=True, exist_ok=True)
    waiting = functools.partial(report, "waiting for another process that builds it")
    with files.held(log.with_suffix(".lock"), waiting=waiting):
        built = not _engine_has(work.engine, environment)
        if built:
            build_image(
                work.engine,
                environment,
                uv=work.installer(),
                base=work.base_image or environment.base_image,
                network=work.network,
                children=work.children,
                log=log,
                report=report,
            )
        found = work.engine.find(environment.image) or {}
        remote = None
        if work.push:
            remote = push_image(work.engine, work.registry, environment, log=log, report=report)
        seconds = time.monotonic() - started
        image = _image(
            environment, remote=remote, size=found.get("Size"), built=built, seconds=seconds
        )
        _record(work.project, environment, image)
    report("done" if built or work.push else "exists")
    return image


def _remote(work: _Work, environment: Environment) -> RemoteImage | None:
    if not work.push:
        return None
    reference = parse(environment.image)
    remote = work.registry.find(reference)
    if remote is not None:
        pins.require_own(reference, remote)
    return remote


def _engine_has(engine: Engine, environment: Environment) -> bool:
    found = engine.find(environment.image)
    if found is None:
        return False
    carried = (found["Config"].get("Labels") or {}).get(HASH_LABEL)
    if carried != environment.content_hash:
        raise ForeignImageError(
            image=environment.image,
            found=carried,
            where="in this machine's engine",
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
        parts=parts_of(environment),
    )
    records.write(project, environment, record)


def _image(
    environment: Environment,
    *,
    remote: RemoteImage | None,
    size: int | None = None,
    built: bool = False,
    seconds: float = 0.0,
) -> Image:
    return Image(
        name=environment.name,
        reference=environment.image,
        size=size,
        compressed=remote.size if remote else None,
        digest=remote.digest if remote else None,
        built=built,
        seconds=seconds,
    )


def _once(make: Callable[[], Path]) -> Callable[[], Path]:
    """Let the first caller make something, and the others wait for it."""
    lock = threading.Lock()
    made = functools.cache(make)

    def get() -> Path:
        with lock:
            return made()

    return get


def _silent(_: str, __: str) -> None:
    """Report nothing."""
