"""Where the command of a task runs: in a virtual environment, or in a container."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from kfpkit.config import Project
from kfpkit.local.launching.execution import Launch
from kfpkit.local.launching.venv_launcher import VirtualEnvironmentLauncher
from kfpkit.processes import Processes


class Launcher(Protocol):
    """Runs the commands of one run where their images say: it checks, prepares, and is ready."""

    @property
    def processes(self) -> Processes:
        """What it has running; once that is stopped, nothing new starts."""

    @property
    def place(self) -> str:
        """What tells apart, for the cache, where tasks run; empty for virtual environments."""

    @property
    def processors(self) -> int:
        """How many processors tasks can use where they run."""

    def check(self, images: Collection[str]) -> None:
        """Refuse images whose tasks cannot run here.

        Args:
            images: The images whose tasks may run.

        Raises:
            LocalRunError: One of them cannot be run.
        """

    def name(self, image: str) -> str:
        """Name what tasks with an image run in.

        Args:
            image: The image reference.
        """

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Begin to make what is not there yet, without waiting for it.

        Args:
            images: The images whose tasks may run.
            logs: The folder for the output of what makes them.
        """

    def ready(self, image: str, *, scratch: Path) -> AbstractContextManager[Launch]:
        """Wait until commands can run, which they can until the context ends.

        Args:
            image: The image.
            scratch: A folder of the task's own.

        Returns:
            A context with the function that runs a command.

        Raises:
            LocalRunError: It cannot be made ready.
        """


def _report_nothing(_: str) -> None:
    """Report nothing."""


@contextlib.contextmanager
def launcher_for(
    project: Project,
    *,
    containers: bool,
    network: bool = True,
    say: Callable[[str], None] = _report_nothing,
) -> Iterator[Launcher]:
    """Have the launcher of one run; what it has running at the end is stopped.

    Args:
        project: The project, whose environments the images belong to.
        containers: Whether commands run in their images, not in virtual environments.
        network: Whether containers reach the network; virtual environments always do.
        say: Called with a line of text about what the user should know.

    Yields:
        The launcher.

    Raises:
        ContainerEngineError: There is no container engine, and it is asked for.
    """
    if containers:
        from kfpkit.local.launching.containers import container_launcher  # noqa: PLC0415 - an extra

        with container_launcher(project, network=network, say=say) as launcher, launcher.processes:
            yield launcher
    else:
        in_venvs = VirtualEnvironmentLauncher(project, say=say)
        with in_venvs.uses, in_venvs.processes:
            yield in_venvs
