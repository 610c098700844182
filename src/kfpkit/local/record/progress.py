"""How a run shows itself while it goes on; the command line has what writes to a terminal."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from typing import Protocol

from kfpkit.local.record.journal import Journal


class Progress(Protocol):
    """Shows a run while it goes on."""

    @property
    def is_read(self) -> bool:
        """Whether somebody still reads what is shown; a run without a reader stops."""

    def say(self, line: str) -> None:
        """Show a line about the run as a whole.

        Args:
            line: The line.
        """

    def watch(self, journal: Journal) -> AbstractContextManager[object]:
        """Show the tasks until the context ends.

        Args:
            journal: Where the tasks are noted.

        Returns:
            The context.
        """


class Silence:
    """Shows nothing."""

    is_read = True

    def say(self, line: str) -> None:
        """Show nothing.

        Args:
            line: Is dropped.
        """

    def watch(self, journal: Journal) -> AbstractContextManager[object]:  # noqa: ARG002 - a Protocol's
        """Show nothing.

        Args:
            journal: Is not looked at.
        """
        return contextlib.nullcontext()
