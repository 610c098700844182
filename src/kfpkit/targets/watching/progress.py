"""How far a run has come, whatever its target."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class RunState(enum.Enum):
    """The state of a run."""

    QUEUED = "queued"
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether the run does nothing more by itself."""
        return self in {
            RunState.SUCCEEDED,
            RunState.FAILED,
            RunState.CANCELLED,
            RunState.PAUSED,
            RunState.SKIPPED,
        }


@dataclass(frozen=True, kw_only=True)
class TaskProgress:
    """How far a task has come.

    Args:
        name: Its name in the pipeline.
        state: Its state in lowercase letters, as the target calls it; `cached` for a cache hit.
        seconds: How long it has taken. None before it starts.
        error: Why it failed.
        job: The full name of the job that has its log. None if the target has none.
    """

    name: str
    state: str
    seconds: float | None = None
    error: str | None = None
    job: str | None = None

    @property
    def has_failed(self) -> bool:
        """Whether it has failed."""
        return self.state == "failed"


@dataclass(frozen=True, kw_only=True)
class RunProgress:
    """How far a run has come.

    Args:
        name: The run's full name.
        state: Its state.
        seconds: How long it has taken. None before it starts.
        error: Why it failed, as the service says.
        tasks: Its tasks in the order of their start, without groups such as loops.
    """

    name: str
    state: RunState
    seconds: float | None = None
    error: str | None = None
    tasks: tuple[TaskProgress, ...] = ()


def parse_time(text: str) -> datetime:
    """Return a time of JSON. Python 3.10 reads neither `Z` nor nanoseconds.

    Args:
        text: The time in UTC.
    """
    whole, _, rest = text.removesuffix("Z").removesuffix("+00:00").partition(".")
    return datetime.fromisoformat(f"{whole}.{rest[:6]:0<6}+00:00")
