"""Builds the images of a command, several at a time."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kfpkit.engine import Engine
from kfpkit.environments import Environment
from kfpkit.errors import EnvironmentsError, ImagesError, SeveralImagesError
from kfpkit.images import pins
from kfpkit.images.base import find_base_image
from kfpkit.images.building import context
from kfpkit.images.building.command import require_buildkit
from kfpkit.images.building.image import Image, Workshop, describe_image, provide_image
from kfpkit.images.planning import plan, require_registry, select_environments
from kfpkit.images.registry import THREADS, Registry, parse, workers
from kfpkit.listeners import ignore
from kfpkit.processes import Processes
from kfpkit.project import Project
from kfpkit.scratch import temporary_folder

_SECONDS_TO_END = 5.0  # for an engine that is busy to remove what is not done
_PATIENCE = 600.0  # seconds, for one answer of an engine that is busy


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step for an environment while images are built.

    Args:
        name: The environment's name.
        doing: The step, in a few words.
        is_over: Whether it is the last step.
    """

    name: str
    doing: str
    is_over: bool = False


StepListener = Callable[[Step], None]
_Result = TypeVar("_Result")
_Failure = ImagesError | EnvironmentsError


def build(  # noqa: PLR0913 - the options of one command, each by its name
    project: Project,
    names: Sequence[str] = (),
    *,
    push: bool = False,
    missing: bool = False,
    jobs: int = 2,
    base_image: str | None = None,
    network: str | None = None,
    report: StepListener = ignore,
) -> tuple[Image, ...]:
    """Build the missing images: those that the registry lacks if they are pushed, else the engine.

    An image gets its name after it has passed its check, and is pushed after that. An image with a
    name is therefore complete, even if the work is interrupted. The same call again does the rest.

    Args:
        project: The project.
        names: The environments (default: all that have images).
        push: Whether the images must be in the registry.
        missing: Whether to skip those that the registry has, without checking the engine.
        jobs: The number of parallel builds.
        base_image: A mirror of the base image. It must be the same image.
        network: The network of build steps, as for `docker build --network`.
        report: Called with each step.

    Returns:
        The images, in the order of the environments.

    Raises:
        EnvironmentsError: An environment is unknown or stale, or can't be exported.
        NoImageError: A named environment has no image.
        NoRegistryError: A push is requested, but the project's registry has no host.
        ImagesError: An image can't be built or pushed. The others are completed first.
    """
    chosen = _choose(project, names, missing=missing)
    with contextlib.closing(Registry()) as registry:
        found: dict[str, Image | _Failure] = {}
        if push:
            require_registry(project)
            found = _find_in_registry(registry, chosen, report)
        if lacking := [one for one in chosen if one.name not in found]:
            with (
                temporary_folder("uv") as scratch,
                contextlib.closing(Engine(patience=_PATIENCE)) as engine,
            ):
                require_buildkit(engine)
                workshop = Workshop(
                    project=project,
                    engine=engine,
                    registry=registry,
                    installer=_once(functools.partial(context.fetch_installer, scratch)),
                    find_base=functools.cache(functools.partial(find_base_image, engine, registry)),
                    push=push,
                    base_image=base_image,
                    network=network,
                    processes=Processes(),
                )
                found |= _make_missing(workshop, lacking, report, jobs=jobs)
    return _require_images([found[one.name] for one in chosen])


def _choose(project: Project, names: Sequence[str], *, missing: bool) -> tuple[Environment, ...]:
    if missing:
        return tuple(entry.environment for entry in plan(project, names).to_build)
    return select_environments(project, names)


def _find_in_registry(
    registry: Registry, chosen: Sequence[Environment], report: StepListener
) -> dict[str, Image | _Failure]:
    """Return the images in the registry, without an engine. Missing ones are left out."""

    def find(environment: Environment) -> Image | None:
        reference = parse(environment.image)
        remote = registry.find(reference)
        if remote is None:
            return None
        pins.require_own(reference, remote)
        report(Step(name=environment.name, doing="exists", is_over=True))
        return describe_image(environment, remote=remote)

    outcomes = _run_for_each(find, chosen, report, jobs=THREADS, processes=Processes())
    return {name: one for name, one in outcomes.items() if one is not None}


def _make_missing(
    workshop: Workshop, missing: Sequence[Environment], report: StepListener, *, jobs: int
) -> Mapping[str, Image | _Failure]:
    def work(environment: Environment) -> Image:
        name = environment.name
        image = provide_image(
            workshop, environment, lambda doing: report(Step(name=name, doing=doing))
        )
        end = "done" if image.built or workshop.push else "exists"
        report(Step(name=name, doing=end, is_over=True))
        return image

    return _run_for_each(work, missing, report, jobs=jobs, processes=workshop.processes)


def _run_for_each(
    work: Callable[[Environment], _Result],
    chosen: Sequence[Environment],
    report: StepListener,
    *,
    jobs: int,
    processes: Processes,
) -> dict[str, _Result | _Failure]:
    """Call a function for environments in parallel. Return the results and errors.

    An interruption ends the builds, which then remove their files. A push may hang, and isn't
    waited for.
    """

    def result(environment: Environment) -> _Result | _Failure:
        try:
            return work(environment)
        except (ImagesError, EnvironmentsError) as error:
            report(Step(name=environment.name, doing="failed", is_over=True))
            return error

    started = workers.start([functools.partial(result, one) for one in chosen], jobs=jobs)
    try:
        wait(started)
    except BaseException:
        for future in started:
            future.cancel()
        processes.kill()
        wait(started, timeout=_SECONDS_TO_END)
        raise
    return {one.name: future.result() for one, future in zip(chosen, started, strict=True)}


def _require_images(outcomes: Sequence[Image | _Failure]) -> tuple[Image, ...]:
    """Return the images, or raise the errors."""
    # One reason may hold for all of them: a registry that does not answer.
    errors = {str(one): one for one in outcomes if not isinstance(one, Image)}
    if len(errors) > 1:
        raise SeveralImagesError(errors=tuple(errors.values()))
    for error in errors.values():
        raise error
    return tuple(one for one in outcomes if isinstance(one, Image))


def _once(make: Callable[[], Path]) -> Callable[[], Path]:
    """Let the first caller create a value while the others wait for it."""
    lock = threading.Lock()
    made = functools.cache(make)

    def get() -> Path:
        with lock:
            return made()

    return get
