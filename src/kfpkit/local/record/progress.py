"""The display of a run in progress. The implementation for terminals is in the command line."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from typing import Protocol

from kfpkit.local.record.journal import Journal
from kfpkit.local.record.run_folder import RunFolder


class Progress(Protocol):
    """Shows a run in progress."""

    @property
    def is_read(self) -> bool:
        """Whether the output still has a reader. A run without a reader stops."""

    def begin(self, folder: RunFolder) -> None:
        """Learn the folder of the run, before its first task starts.

        Args:
            folder: The folder, which has a record.
        """

    def say(self, line: str) -> None:
        """Show a line about the run as a whole.

        Args:
            line: The line.
        """

    def watch(self, journal: Journal) -> AbstractContextManager[object]:
        """Show the tasks until the context ends.

        Args:
            journal: The records of the tasks.

        Returns:
            The context.
        """


class Silence:
    """Shows nothing."""

    is_read = True

    def begin(self, folder: RunFolder) -> None:
        """Show nothing.

        Args:
            folder: Ignored.
        """

    def say(self, line: str) -> None:
        """Show nothing.

        Args:
            line: Ignored.
        """

    def watch(self, journal: Journal) -> AbstractContextManager[object]:  # noqa: ARG002 - a Protocol's
        """Show nothing.

        Args:
            journal: Ignored.
        """
        return contextlib.nullcontext()
