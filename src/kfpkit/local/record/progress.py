"""The display of a run in progress. The implementation for terminals is in the command line."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from typing import Protocol

from kfpkit.local.record.journal import Journal


class Progress(Protocol):
    """Shows a run in progress."""

    @property
    def is_read(self) -> bool:
        """Whether the output still has a reader. A run without a reader stops."""

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
