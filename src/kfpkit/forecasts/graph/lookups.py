"""What a kind of target knows of a task: its key, and earlier successes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kfpkit.forecasts.graph.due_task import DueTask
from kfpkit.forecasts.graph.fingerprint import Fingerprint
from kfpkit.forecasts.graph.forecast import Answer, Reason


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An earlier success with a task's key.

    Args:
        outputs: Its outputs by name.
        run: The run that produced them, if it is known.
        task: The task of that run.
    """

    outputs: Mapping[str, Any]
    run: str | None
    task: str | None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What becomes of a task, and its outputs for the tasks that depend on it.

    Args:
        answer: What becomes of it.
        reasons: Why.
        outputs: Its outputs by name, of which some may be open.
        run: For a hit, the run that produced the outputs.
        task: For a hit, the task of that run.
        contested: The tasks that may do the same, and may run before or after it.
    """

    answer: Answer
    reasons: Sequence[Reason] = ()
    outputs: Mapping[str, Any]
    run: str | None = None
    task: str | None = None
    contested: Sequence[str] = ()


class Lookup(Protocol):
    """The key of one task on a kind of target, and the earlier successes there."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The key."""

    def find(self) -> Hit | None:
        """Return an earlier success with the key. All inputs are known."""

    def list_doubts(self) -> Sequence[Reason]:
        """Return what it hangs on whether an earlier success has the key.

        Returns:
            Reasons. Empty if certainly none has it.
        """

    def explain(self) -> Sequence[Reason]:
        """Return why no earlier success has the key."""

    def foresee(self, *, runs: bool) -> Mapping[str, Any]:
        """Return the task's outputs, as far as they are known.

        Args:
            runs: Whether it is certain that the task runs.
        """


class Target(Protocol):
    """A kind of target."""

    def look_up(self, due: DueTask) -> Lookup | Judgement:
        """Return the key of a task, or what becomes of a task that isn't looked up.

        Args:
            due: The task.

        Raises:
            LocalRunError: The task would fail.
        """
