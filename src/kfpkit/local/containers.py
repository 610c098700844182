"""Tasks in their images: a container for each attempt, through the `docker` library.

KFP's own Docker runner is not used: it lets the engine remove a container by itself, so that it
often misses the exit code and takes a failed task for a success. Here a container is waited for and
then removed, and its exit code is the task's. What it may do, `sandbox` says.
"""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, Any

from kfpkit.config import Project
from kfpkit.errors import (
    ContainerEngineError,
    EngineUnreachableError,
    ImagesNotInstalledError,
    TaskStartError,
    UnavailableImageError,
)
from kfpkit.local.execution import Execution, Launch
from kfpkit.local.image_environments import environment_name, environments_of
from kfpkit.local.network import network_mode
from kfpkit.local.process import Processes
from kfpkit.local.sandbox import sandbox

_PATIENCE = 60  # seconds, for one answer


class ContainerLauncher:
    """Runs commands in containers.

    Args:
        project: The project, whose environments the images belong to.
        network: Whether commands reach the network.
        say: Called with a line of text when something takes time.
    """

    place = "containers"

    def __init__(self, project: Project, *, network: bool, say: Callable[[str], None]) -> None:
        self.processes = Processes()
        self._project = project
        self._network = network
        self._say = say

    def name(self, image: str) -> str:
        """Name the environment of an image, or the image itself; see `Launcher`."""
        return environment_name(self._project, image) or image

    def check(self, images: Collection[str]) -> None:
        """Refuse images that are neither in the engine nor to be had from a registry.

        Args:
            images: The images whose tasks may run.

        Raises:
            StaleImageError: An image of the project is that of no environment now.
            ContainerEngineError: There is no container engine.
            UnavailableImageError: There is such an image.
        """
        environments_of(self._project, [image for image in images if "@" not in image])
        with _engine() as engine:
            for image in images:
                self._require(engine, image)

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Do nothing: `check` has found all images; see `Launcher`."""

    @contextlib.contextmanager
    def ready(self, image: str, *, scratch: Path) -> Iterator[Launch]:  # noqa: ARG002 - `Launcher` has it
        """Connect to the engine; see `Launcher`."""
        with _engine() as engine:
            yield lambda execution: self._run(engine, image, execution)

    def _require(self, engine: Any, image: str) -> None:
        from docker.errors import APIError, ImageNotFound  # noqa: PLC0415 - an extra

        with _asking(), contextlib.suppress(ImageNotFound):
            engine.images.get(image)
            return
        self._say(f"Pulling the image {image}")
        try:
            engine.images.pull(image)
        except APIError as error:
            environment = None if "@" in image else environment_name(self._project, image)
            raise UnavailableImageError(
                image=image, environment=environment, cause=_text(error)
            ) from None

    def _run(self, engine: Any, image: str, execution: Execution) -> int | None:
        with execution.log.open("ab") as log, _asking():
            container = self._create(engine, image, execution)
            try:
                return self.processes.supervise(lambda: Container.start(container, log))
            finally:
                container.remove(force=True)

    def _create(self, engine: Any, image: str, execution: Execution) -> Any:
        from docker.errors import APIError  # noqa: PLC0415 - an extra
        from docker.types import LogConfig  # noqa: PLC0415 - an extra

        options = set(engine.info().get("SecurityOptions") or ())
        network = network_mode(engine, on=self._network)
        first = 0 if execution.keeps_entrypoint else 1
        try:
            return engine.containers.create(
                image,
                entrypoint=list(execution.command[:first]) or None,
                command=list(execution.command[first:]),
                working_dir=str(execution.folder),
                **sandbox(execution, options, network=network),
                log_config=LogConfig(type="none"),
                labels={"kfpkit.project": str(self._project.root)},
            )
        except APIError as error:
            raise TaskStartError(program=image, cause=_text(error)) from error


class Container:
    """A container that has been started.

    Args:
        container: The docker library's object.
        output: The docker library's stream of what it prints, in chunks of bytes.
        log: The file that its output goes to.
    """

    def __init__(self, container: Any, output: Any, log: IO[bytes]) -> None:
        self._container = container
        self._output = output
        self._log = log
        self._lock = threading.Lock()
        self._code: int | None = None

    @classmethod
    def start(cls, container: Any, log: IO[bytes]) -> Container:
        """Start a container that has been created.

        Args:
            container: The docker library's object.
            log: The file for its output.

        Raises:
            TaskStartError: It cannot be started.
        """
        from docker.errors import APIError  # noqa: PLC0415 - an extra

        # Before the start, so that nothing of a short container's output is missed.
        output = container.attach(stdout=True, stderr=True, stream=True)
        try:
            container.start()
        except APIError as error:
            _close(output)
            program = container.attrs["Path"]
            raise TaskStartError(program=program, cause=_text(error)) from error
        return cls(container, output, log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the container's first process.

        Args:
            number: The signal.
        """
        if self._code is None:
            # It may have ended by itself meanwhile, or the engine may be gone.
            with contextlib.suppress(*_failures()):
                self._container.kill(signal=int(number))

    def wait(self) -> int:
        """Wait for the end; return the exit code, above 128 for a signal."""
        with self._lock:
            if self._code is None:
                try:
                    for chunk in self._output:
                        self._log.write(chunk)
                        self._log.flush()
                finally:
                    _close(self._output)
                # Tasks may take hours: the library's own timeout is for short questions.
                self._code = int(self._container.wait(timeout=None)["StatusCode"])
            return self._code


@contextlib.contextmanager
def _engine() -> Iterator[Any]:
    from kfpkit.images.connection import connect, engine_address  # noqa: PLC0415 - most runs use none

    try:
        engine = connect(engine_address(), timeout=_PATIENCE)
    except ImagesNotInstalledError:
        raise ContainerEngineError(
            cause="the Python package `docker` is not installed",
            remedy="Install it with `pip install 'kfpkit[images]'`",
        ) from None
    except EngineUnreachableError as error:
        raise ContainerEngineError(
            cause=f"none answers at `{error.address}` ({error.cause})",
            remedy="Start Docker, or set `DOCKER_HOST` to the address of a running engine",
        ) from None
    with contextlib.closing(engine):
        yield engine


@contextlib.contextmanager
def _asking() -> Iterator[None]:
    """Turn an engine that goes away, or fails, into an error of ours."""
    try:
        yield
    except _failures() as error:
        raise ContainerEngineError(
            cause=f"it fails ({_text(error)})",
            remedy="Look at the engine's own log, and run again",
        ) from error


def _close(output: Any) -> None:
    # Its own method shuts the connection down, which fails once the engine has, and leaves it open.
    output._response.close()  # noqa: SLF001 - there is no other way to it


def _failures() -> tuple[type[Exception], ...]:
    from docker.errors import DockerException  # noqa: PLC0415 - an extra
    from requests import RequestException  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    return (DockerException, RequestException)


def _text(error: Exception) -> str:
    """Return what an engine says, without the address of the question."""
    from kfpkit.images.causes import cause_of  # noqa: PLC0415 - most runs use no engine

    said = str(getattr(error, "explanation", None) or "").strip()
    with contextlib.suppress(ValueError, TypeError, KeyError):
        said = json.loads(said)["message"]
    return said.splitlines()[0].rstrip(".") if said else cause_of(error)
