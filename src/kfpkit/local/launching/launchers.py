"""Launchers, which run the commands of tasks in virtual environments or in containers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from kfpkit.local.launching.execution import Launch
from kfpkit.local.launching.venv_launcher import VirtualEnvironmentLauncher
from kfpkit.processes import Processes
from kfpkit.project import Project
from kfpkit.runs.record import Environment as EnvironmentRecord


class Launcher(Protocol):
    """Runs the commands of one run in the environments of their images."""

    @property
    def processes(self) -> Processes:
        """The running commands. Once they are stopped, nothing new starts."""

    @property
    def place(self) -> str:
        """Identifies for the cache where tasks run. Empty for virtual environments."""

    @property
    def processors(self) -> int:
        """The number of processors that tasks can use."""

    def check(self, images: Collection[str]) -> None:
        """Refuse images with tasks that can't run here.

        Args:
            images: The images whose tasks may run.

        Raises:
            LocalRunError: One of them can't run.
        """

    def name(self, image: str) -> str:
        """Return the name of what tasks with an image run in.

        Args:
            image: The image reference.
        """

    def describe(self) -> Mapping[str, EnvironmentRecord]:
        """Return what is known of what tasks run in, by name, for the record of a run."""

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Start to create what is missing, without waiting for it.

        Args:
            images: The images whose tasks may run.
            logs: The folder for the output of this.
        """

    def ready(self, image: str, *, scratch: Path) -> AbstractContextManager[Launch]:
        """Wait until commands can run. They can run until the context ends.

        Args:
            image: The image.
            scratch: A private folder of the task.

        Returns:
            A context with the function that runs a command.

        Raises:
            LocalRunError: It can't be made ready.
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
    """Provide the launcher of one run. Commands that run at the end are stopped.

    Args:
        project: The project with the images' environments.
        containers: Whether commands run in their images, not in virtual environments.
        network: Whether containers have network access. Virtual environments always have it.
        say: Called with a line that the user should know.

    Yields:
        The launcher.

    Raises:
        ContainerEngineError: Containers are requested, but there is no container engine.
    """
    if containers:
        from kfpkit.local.launching.containers import container_launcher  # noqa: PLC0415 - an extra

        with container_launcher(project, network=network, say=say) as launcher, launcher.processes:
            yield launcher
    else:
        in_venvs = VirtualEnvironmentLauncher(project, say=say)
        with in_venvs.uses, in_venvs.processes:
            yield in_venvs
