"""Whether more tasks start after one has failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.specification.execution import TaskFailure


@dataclass(kw_only=True)
class Brake:
    """Keeps tasks from starting after the first failure in a run that fails fast.

    Args:
        fails_fast: Whether the run fails fast. Otherwise, a failure stops only its dependents.
        failures: The first failures. Empty as long as tasks may start.
    """

    fails_fast: bool = False
    failures: Sequence[TaskFailure] = ()

    def note(self, failures: Sequence[TaskFailure]) -> None:
        """Note that a task has failed.

        Args:
            failures: Why.
        """
        if self.fails_fast and not self.failures:
            self.failures = tuple(failures)
