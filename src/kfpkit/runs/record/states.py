"""The states of tasks and runs, in the words that users read."""

from __future__ import annotations

import enum


class State(enum.Enum):
    """The state of a task. The value is the word that users read."""

    WAITING = "waiting"
    PREPARING = "preparing environment"
    RUNNING = "running"
    CACHED = "cached"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_STARTED = "not started"
    STOPPED = "stopped"

    @property
    def is_final(self) -> bool:
        """Whether a task stays in this state."""
        return self not in {State.WAITING, State.PREPARING, State.RUNNING}


class RunState(enum.Enum):
    """The state of a run. The value is the word that users read."""

    WAITING = "waiting"
    """Its target has accepted it, and has not started it."""
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    """A signal ended it, or it was cancelled on its target."""
    PAUSED = "paused"
    """Its target has paused it."""
    BROKEN_OFF = "broken off"
    """Its process ended before it could record an end."""
