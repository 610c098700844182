"""Runs tasks as containers of their images, one for each attempt.

KFP's own Docker runner isn't used: it lets the engine remove a container automatically, so it often
misses the exit code and counts a failed task as a success. kfpkit waits for the container, removes
it, and uses its exit code for the task. `sandbox` determines what it may do.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kfpkit.engine import PLATFORM, Engine, extract_cause
from kfpkit.errors import (
    ContainerEngineError,
    EngineUnreachableError,
    ImagesNotInstalledError,
    TaskStartError,
    UnavailableImageError,
)
from kfpkit.local.launching.containers.container import Container
from kfpkit.local.launching.containers.container_reaper import reaped_containers
from kfpkit.local.launching.containers.network import choose_network_mode
from kfpkit.local.launching.containers.pulls import Pull
from kfpkit.local.launching.containers.sandbox import make_sandbox_options
from kfpkit.local.launching.containers.usage import add_usage, make_measured
from kfpkit.local.launching.described_environments import describe_environment
from kfpkit.local.launching.execution import Execution, Launch
from kfpkit.local.launching.image_environments import find_environments, read_environment_name
from kfpkit.local.launching.processors import count_processors
from kfpkit.processes import Ending, Processes
from kfpkit.project import Project
from kfpkit.runs.record import Environment as EnvironmentRecord
from kfpkit.runs.record import Preparation

_QUESTIONS = 16  # that are asked of registries at a time


@contextlib.contextmanager
def container_launcher(
    project: Project, *, network: bool, say: Callable[[str], None]
) -> Iterator[ContainerLauncher]:
    """Provide a launcher with a connection to the container engine.

    Args:
        project: The project with the images' environments.
        network: Whether commands have network access.
        say: Called with a line when something takes time.

    Yields:
        The launcher.

    Raises:
        ContainerEngineError: The container engine is missing or fails.
    """
    try:
        engine = Engine()
    except ImagesNotInstalledError:
        raise ContainerEngineError(
            cause="the Python package `docker` is not installed",
            remedy="Install it with `pip install 'kfpkit[images]'`",
        ) from None
    except EngineUnreachableError as error:
        raise ContainerEngineError(
            cause=f"no engine responds at `{error.address}` ({error.cause})",
            remedy="Start Docker, or set `DOCKER_HOST` to the address of a running engine",
        ) from None
    with contextlib.closing(engine), reaped_containers(engine) as labels:
        yield ContainerLauncher(project, engine=engine, network=network, labels=labels, say=say)


class ContainerLauncher:
    """Runs commands in containers.

    Args:
        project: The project with the images' environments.
        engine: The container engine.
        network: Whether commands have network access.
        labels: The labels of the containers.
        say: Called with a line when something takes time.

    Raises:
        ContainerEngineError: The engine fails.
    """

    place = "containers"

    def __init__(
        self,
        project: Project,
        *,
        engine: Engine,
        network: bool,
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self.processes = Processes()
        self._project = project
        self._engine = engine
        self._labels = {"kfpkit.project": str(project.root), **labels}
        self._say = say
        self._absent: tuple[str, ...] = ()
        self._described: Mapping[str, EnvironmentRecord] = {}
        self._pulled: dict[str, Future[None]] = {}
        self._prepared: dict[str, Preparation] = {}
        with self._asking():
            self._network = choose_network_mode(engine.client, on=network)
            about = engine.client.info()
            self._security = frozenset(about.get("SecurityOptions") or ())
            # Those of the engine's machine, which on macOS is a virtual one.
            self._processors = int(about.get("NCPU") or count_processors())

    @property
    def processors(self) -> int:
        """The number of processors that tasks can use. See `Launcher`."""
        return self._processors

    def name(self, image: str) -> str:
        """Return the name of an image's environment, or of the image itself. See `Launcher`."""
        return read_environment_name(self._project, image) or image

    def describe(self) -> Mapping[str, EnvironmentRecord]:
        """Return what is known of the images' environments; see `Launcher`."""
        return {
            name: described.model_copy(update={"prepared": self._prepared.get(name)})
            for name, described in self._described.items()
        }

    def check(self, images: Collection[str]) -> None:
        """Refuse images that are neither in the engine nor in a registry.

        Args:
            images: The images whose tasks may run.

        Raises:
            StaleImageError: No environment of the project currently has the image.
            ContainerEngineError: The engine fails.
            UnavailableImageError: An image doesn't exist, or the registry denies access to it.
        """
        tagged = [image for image in images if "@" not in image]
        environments = find_environments(self._project, tagged)
        self._described = {
            self.name(image): describe_environment(image, environments.get(image))
            for image in images
        }
        with self._asking():
            self._absent = tuple(image for image in images if self._engine.find(image) is None)
            for image in {*images}.difference(self._absent):
                self._prepared[self.name(image)] = Preparation(hit=True)
            if not self._absent or self._is_podman():
                return
        with ThreadPoolExecutor(_QUESTIONS) as threads:
            for _ in threads.map(self._require, self._absent):
                pass

    def prepare(self, images: Collection[str], *, logs: Path) -> None:  # noqa: ARG002 - `Launcher` has it
        """Start to pull the images that the engine lacks. See `Launcher`."""
        absent = [image for image in self._absent if image in images]
        if not absent:
            return
        threads = ThreadPoolExecutor(len(absent))
        for image in absent:
            self._pulled[image] = threads.submit(self._pull, image)
        threads.shutdown(wait=False)

    @contextlib.contextmanager
    def ready(self, image: str, *, scratch: Path) -> Iterator[Launch]:  # noqa: ARG002 - as above
        """Wait for the image. See `Launcher`.

        Args:
            image: The image.
            scratch: Unused.

        Yields:
            The function that runs a command.

        Raises:
            UnavailableImageError: It couldn't be pulled.
        """
        if image in self._pulled:
            self._pulled[image].result()
        yield functools.partial(self._run, image)

    def _is_podman(self) -> bool:
        """Return whether the engine is Podman, which queries no registry before a pull."""
        parts = self._engine.client.version().get("Components") or ()
        return any("podman" in part["Name"].lower() for part in parts)

    def _require(self, image: str) -> None:
        try:
            self._engine.client.api.inspect_distribution(image)
        except self._engine.faults as error:
            raise self._unavailable(image, extract_cause(error)) from None

    def _pull(self, image: str) -> None:
        self._say(f"Pulling the image {image}")
        started = time.monotonic()
        pull = Pull(self._engine, image, platform=self._platform(image))
        if self.processes.supervise(pull.start) is None:
            raise self._unavailable(image, "the run was stopped")
        if pull.fault is not None:
            raise self._unavailable(image, extract_cause(pull.fault))
        seconds = round(time.monotonic() - started, 3)
        self._prepared[self.name(image)] = Preparation(seconds=seconds, hit=False)

    def _platform(self, image: str) -> str | None:
        """Return the platform of environments' images. Others may have the machine's."""
        return None if read_environment_name(self._project, image) is None else PLATFORM

    def _unavailable(self, image: str, cause: str) -> UnavailableImageError:
        buildable = None if "@" in image else read_environment_name(self._project, image)
        return UnavailableImageError(image=image, environment=buildable, cause=cause)

    def _run(self, image: str, execution: Execution) -> Ending | None:
        with execution.log.open("ab") as log, self._asking():
            container = self._create(image, execution)
            try:
                ending = self.processes.supervise(
                    lambda: Container.start(container, log, engine=self._engine),
                    timeout=execution.timeout,
                )
            finally:
                container.remove(force=True)
        return None if ending is None else add_usage(ending, execution.folder)

    def _create(self, image: str, execution: Execution) -> Any:
        from docker.errors import APIError  # noqa: PLC0415 - an extra
        from docker.types import LogConfig  # noqa: PLC0415 - an extra

        keeps = execution.keeps_entrypoint
        command = list(execution.command) if keeps else make_measured(execution.command)
        first = 0 if keeps else 1
        try:
            return self._engine.client.containers.create(
                image,
                entrypoint=command[:first] or None,
                command=command[first:],
                working_dir=str(execution.folder),
                platform=self._platform(image),
                **make_sandbox_options(execution, security=self._security, network=self._network),
                log_config=LogConfig(type="none"),
                labels=self._labels,
            )
        except APIError as error:
            raise TaskStartError(program=image, cause=extract_cause(error)) from error

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn an engine that stops or fails into an error of kfpkit."""
        try:
            yield
        except self._engine.faults as error:
            raise ContainerEngineError(
                cause=f"it reported an error ({extract_cause(error)})",
                remedy="Check the engine's log and run again",
            ) from error
