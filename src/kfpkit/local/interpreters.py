"""Which virtual environment a task runs in, by the image that its container would have."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from kfpkit.config import Project
from kfpkit.environments import (
    Environment,
    environment_of_image,
    find_environment,
    has_virtual_environment,
    plain_virtual_environment,
    python_of,
    virtual_environment,
)
from kfpkit.errors import (
    EnvironmentNotMadeError,
    EnvironmentsError,
    PinnedImageError,
    PlainInterpreterError,
    RegistryError,
    StaleImageError,
)
from kfpkit.local import overlay, preparation
from kfpkit.local.process import Processes

PLAIN = "plain"
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class Interpreters(Protocol):
    """Gives each image a virtual environment."""

    def name(self, image: str) -> str:
        """Name what tasks with an image run in.

        Args:
            image: The image reference.
        """

    def check(self, images: Collection[str]) -> None:
        """Refuse images whose tasks cannot run here.

        Args:
            images: The images whose tasks may run.

        Raises:
            LocalRunError: There is such an image.
        """

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Begin to make what is not there yet, without waiting for it.

        Args:
            images: The images whose tasks may run.
            logs: The folder for the output of what makes them.
        """

    def environment(self, image: str, *, scratch: Path) -> AbstractContextManager[Path]:
        """Wait for the virtual environment of a task, which has it until the context ends.

        Args:
            image: The task's image.
            scratch: A folder of the task's own.

        Returns:
            A context with the virtual environment's folder.

        Raises:
            LocalRunError: It could not be made.
        """


class LockedInterpreters:
    """The virtual environments of a project's environments; a plain one for any other image.

    Args:
        project: The project.
        processes: Runs the processes that make what is missing, and stops them with the run.
    """

    def __init__(self, project: Project, *, processes: Processes) -> None:
        self._project = project
        self._processes = processes
        self._threads = ThreadPoolExecutor()
        self._made: dict[str, Future[Path]] = {}
        self._tagged: dict[str, str] = {}

    def name(self, image: str) -> str:
        """Name what tasks with an image run in.

        Args:
            image: The image reference.
        """
        environment = self._environment(image)
        return PLAIN if environment is None else environment.name

    def check(self, images: Collection[str]) -> None:
        """Refuse images of the project that no environment has now.

        Which one a digest stands for, the registry knows: it is asked here.

        Args:
            images: The images whose tasks may run.

        Raises:
            StaleImageError: There is such an image.
            PinnedImageError: The registry does not tell what an image is.
            ImagesNotInstalledError: The registry wants a login, and the extra is not installed.
        """
        prefix = f"{self._project.registry}/"
        for image in images:
            if not image.startswith(prefix):
                continue
            if "@" in image:
                self._tagged[image] = _tagged(image)
            if self.name(image) == PLAIN:
                tagged = self._tagged.get(image, image)
                name = tagged.removeprefix(prefix).partition(":")[0]
                raise StaleImageError(
                    image=tagged,
                    environment=name,
                    current=self._current(name),
                    root=self._project.root,
                )

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Begin to make what is not there yet, without waiting for it.

        Args:
            images: The images whose tasks may run.
            logs: The folder for the output of what makes them.
        """
        for image in images:
            environment = self._environment(image)
            name = PLAIN if environment is None else environment.name
            if name in self._made:
                continue
            make = self._plain if environment is None else self._maker(environment, logs)
            self._made[name] = self._threads.submit(make)
        self._threads.shutdown(wait=False)

    @contextlib.contextmanager
    def environment(self, image: str, *, scratch: Path) -> Iterator[Path]:
        """Wait for the virtual environment of a task, which has it until the context ends.

        A task with an image of its own may install what it likes, so it gets a thin virtual
        environment of its own over the plain one.

        Args:
            image: The task's image.
            scratch: A folder of the task's own.

        Yields:
            The virtual environment's folder.

        Raises:
            EnvironmentNotMadeError: It could not be made.
            PlainInterpreterError: That for foreign images could not be made.
        """
        name = self.name(image)
        made = self._made[name].result()
        if name != PLAIN:
            yield made
            return
        own = scratch / "venv"
        try:
            _lay_over(made, own)
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)

    def _environment(self, image: str) -> Environment | None:
        return environment_of_image(self._project, self._tagged.get(image, image))

    def _current(self, name: str) -> str | None:
        try:
            return find_environment(self._project, name).image
        except EnvironmentsError:
            return None

    def _maker(self, environment: Environment, logs: Path) -> Callable[[], Path]:
        def make() -> Path:
            if not has_virtual_environment(environment):
                self._make(environment, logs)
            return virtual_environment(environment)

        return make

    def _make(self, environment: Environment, logs: Path) -> None:
        """Make it in a process of its own, which a stopped run can end."""
        logs.mkdir(parents=True, exist_ok=True)
        log = logs / f"{environment.name}.txt"
        code = self._processes.run(
            [sys.executable, "-m", preparation.__name__, str(self._project.root), environment.name],
            variables=os.environ,
            folder=logs,
            log=log,
        )
        if code != 0:
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            raise EnvironmentNotMadeError(environment=environment.name, said=said, log=log)

    def _plain(self) -> Path:
        return plain_virtual_environment(_PYTHON)


def _tagged(image: str) -> str:
    from kfpkit.images import tagged  # noqa: PLC0415 - most runs ask no registry

    try:
        found = tagged(image)
    except RegistryError as error:
        cause = f"the registry `{error.host}` {error.problem}"
        raise PinnedImageError(image=image, cause=cause) from error
    if found is None:
        raise PinnedImageError(image=image, cause="the registry has no such image of kfpkit")
    return found


def _lay_over(plain: Path, own: Path) -> None:
    script = Path(overlay.__file__)
    try:
        subprocess.run(
            [str(python_of(plain)), "-I", str(script), str(own)],
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        cause = getattr(error, "stderr", None) or str(error)
        raise PlainInterpreterError(folder=own, cause=cause.strip()) from error
