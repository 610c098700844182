"""Runs tasks as processes on this machine, in the virtual environments of their environments."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kfpkit.environments import Environment
from kfpkit.environments.tools import RUNNING
from kfpkit.environments.venvs import (
    ensure_plain_virtual_environment,
    ensure_virtual_environment,
    find_damage,
    has_plain_virtual_environment,
    has_virtual_environment,
    in_use,
)
from kfpkit.errors import EnvironmentNotMadeError, TaskStartError
from kfpkit.local.launching.described_environments import describe_environment, describe_plain
from kfpkit.local.launching.execution import Execution, Launch
from kfpkit.local.launching.image_environments import find_environments
from kfpkit.local.launching.overlay import laid_over
from kfpkit.local.launching.processors import count_processors
from kfpkit.local.launching.variables import set_for_virtual_environment
from kfpkit.processes import Ending, Processes, StartError
from kfpkit.project import Project
from kfpkit.runs.record import Environment as EnvironmentRecord
from kfpkit.runs.record import Preparation

_PLAIN = "plain"
# By name: Python warns when it runs a module that its package has imported.
_PREPARATION = "kfpkit.local.launching.preparation"


class VirtualEnvironmentLauncher:
    """Runs commands with the Python and the packages of their image's environment.

    An image that doesn't belong to the project gets a plain virtual environment. Its tasks may
    install packages, so each one has a private overlay.

    Args:
        project: The project with the images' environments.
        say: Called with a line if an image's own packages will be missing.
    """

    place = ""

    def __init__(self, project: Project, *, say: Callable[[str], None]) -> None:
        self.processes = Processes()
        self._project = project
        self._say = say
        self._environments: Mapping[str, Environment | None] = {}
        self._made: dict[Environment | None, Future[Path]] = {}
        self._logs = Path()
        self._whole: set[Environment | None] = set()
        self._described: dict[str, EnvironmentRecord] = {}
        self._prepared: dict[str, Preparation] = {}
        self._looking = threading.Lock()
        self.uses = contextlib.ExitStack()
        """Keeps virtual environments from being removed until it is closed."""

    @property
    def processors(self) -> int:
        """The number of processors that tasks can use. See `Launcher`."""
        return count_processors()

    def name(self, image: str) -> str:
        """Return the name of an image's environment. See `Launcher`."""
        environment = self._environments[image]
        return _PLAIN if environment is None else environment.name

    def describe(self) -> Mapping[str, EnvironmentRecord]:
        """Return what is known of the environments; see `Launcher`."""
        for image, environment in self._environments.items():
            name = self.name(image)
            if name not in self._described:
                self._described[name] = (
                    describe_plain(image)
                    if environment is None
                    else describe_environment(image, environment)
                )
        return {
            name: described.model_copy(update={"prepared": self._prepared.get(name)})
            for name, described in self._described.items()
        }

    def check(self, images: Collection[str]) -> None:
        """Refuse images of the project that no environment currently has.

        Args:
            images: The images whose tasks may run.

        Raises:
            StaleImageError: No environment currently has an image of the project.
            PinnedImageError: The registry doesn't identify an image.
            ImagesNotInstalledError: The registry requires a login, and the extra isn't installed.
        """
        self._environments = find_environments(self._project, images)

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Start to create the missing virtual environments. See `Launcher`."""
        self._logs = logs
        threads = ThreadPoolExecutor()
        for image in images:
            environment = self._environments[image]
            if environment is None:
                self._say(
                    f"The image `{image}` does not belong to an environment of the project: its "
                    "tasks run in a plain virtual environment, without the image's contents."
                )
            if environment not in self._made:
                self._made[environment] = threads.submit(self._make, environment)
        threads.shutdown(wait=False)

    @contextlib.contextmanager
    def ready(self, image: str, *, scratch: Path) -> Iterator[Launch]:
        """Wait for the image's virtual environment. See `Launcher`.

        Args:
            image: The image.
            scratch: A private folder of the task.

        Yields:
            The function that runs a command.

        Raises:
            EnvironmentNotMadeError: It couldn't be created.
            RunFolderError: A foreign task's overlay can't be written.
        """
        environment = self._environments[image]
        made = self._made[environment].result()
        self._require_whole(environment, made)
        own = contextlib.nullcontext(made) if environment else laid_over(made, scratch / "venv")
        with own as venv:
            yield launch_in(venv, self.processes, self._project.root)

    def _make(self, environment: Environment | None) -> Path:
        # Most tasks may come from the cache: only those that run ask whether it is whole.
        started = time.monotonic()
        if environment is None:
            is_there = has_plain_virtual_environment(RUNNING)
        else:
            is_there = has_virtual_environment(environment)
        if not is_there:
            self._install(environment)
        if environment is None:
            made = ensure_plain_virtual_environment(RUNNING, whole=False)
        else:
            made = ensure_virtual_environment(environment, whole=False)
        seconds = round(time.monotonic() - started, 3)
        name = _PLAIN if environment is None else environment.name
        self._prepared[name] = Preparation(seconds=seconds, hit=is_there)
        return made

    def _require_whole(self, environment: Environment | None, venv: Path) -> None:
        """Create a damaged virtual environment again. Checks each one once in a run."""
        with self._looking:
            if environment in self._whole:
                return
            self.uses.enter_context(in_use(venv))
            damage = find_damage(venv)
            if damage:
                name = _PLAIN if environment is None else environment.name
                self._say(
                    f"The virtual environment of `{name}` is damaged (`{damage}`) and is being "
                    "created again."
                )
                self._install(environment)
            self._whole.add(environment)

    def _install(self, environment: Environment | None) -> None:
        """Create it in a separate process, which a stopped run can end."""
        name = None if environment is None else environment.name
        log = self._logs / f"{name or '_plain'}.txt"  # no environment has such a name
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", _PREPARATION, str(self._project.root)]
        with _starting():
            ending = self.processes.run(
                command if name is None else [*command, name],
                variables=os.environ,
                folder=log.parent,
                log=log,
            )
        if ending is None or ending.failure:
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            raise EnvironmentNotMadeError(environment=name, said=said, log=log)


def launch_in(venv: Path, processes: Processes, root: Path) -> Launch:
    """Return the function that runs commands with the Python of a virtual environment.

    Args:
        venv: The virtual environment's folder.
        processes: Starts and stops the commands.
        root: The project's folder.
    """

    def launch(execution: Execution) -> Ending | None:
        variables = set_for_virtual_environment(
            execution.variables, venv, root, threads=execution.threads
        )
        with _starting():
            return processes.run(
                execution.command,
                variables=variables,
                folder=execution.folder,
                log=execution.log,
                timeout=execution.timeout,
            )

    return launch


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """Turn a failed start into an error of the run."""
    try:
        yield
    except StartError as error:
        raise TaskStartError(program=error.program, cause=error.cause) from error
