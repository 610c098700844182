"""Where the command of a task runs: in a virtual environment, or in a container."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kfpkit.local.interpreters import Interpreters
from kfpkit.local.process import Processes
from kfpkit.local.variables import inherited, with_interpreter


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A command with what it needs.

    Args:
        command: The program and its arguments.
        variables: The environment variables that are its own; those of its place come beside them.
        folder: Its working directory, which it may write to.
        log: The file that its output is added to.
        reads: Files and folders that it reads.
        writes: Folders that it writes to.
        keeps_entrypoint: Whether `command` is only what the image's own entry point is given.
    """

    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: Path
    log: Path
    reads: Sequence[Path] = ()
    writes: Sequence[Path] = ()
    keeps_entrypoint: bool = False


Launch = Callable[[Execution], "int | None"]
"""Runs a command to its end; returns the exit code, or None when the run was stopped."""


class Launcher(Protocol):
    """Runs commands where an image says."""

    @property
    def place(self) -> str:
        """What tells apart, for the cache, where tasks run; empty for virtual environments."""

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


@dataclass(frozen=True, kw_only=True)
class VirtualEnvironmentLauncher:
    """Runs commands as processes of this machine, with the Python that an image stands for.

    Args:
        interpreters: Gives each image a virtual environment.
        processes: Starts and stops processes.
    """

    interpreters: Interpreters
    processes: Processes
    place: str = ""

    def name(self, image: str) -> str:
        """Name what tasks with an image run in; see `Launcher`."""
        return self.interpreters.name(image)

    def check(self, images: Collection[str]) -> None:
        """Refuse images whose tasks cannot run here; see `Launcher`."""
        self.interpreters.check(images)

    def prepare(self, images: Collection[str], *, logs: Path) -> None:
        """Begin to make what is not there yet; see `Launcher`."""
        self.interpreters.prepare(images, logs=logs)

    @contextlib.contextmanager
    def ready(self, image: str, *, scratch: Path) -> Iterator[Launch]:
        """Wait for the image's virtual environment; see `Launcher`."""
        with self.interpreters.environment(image, scratch=scratch) as environment:

            def launch(execution: Execution) -> int | None:
                variables = {**inherited(), **execution.variables}
                return self.processes.run(
                    execution.command,
                    variables=with_interpreter(variables, environment),
                    folder=execution.folder,
                    log=execution.log,
                )

            yield launch
