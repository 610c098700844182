"""How far a run has come, as its message says."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from google.protobuf.message import Message

from kfpkit.vertex import print_message

_PREFIX = "PIPELINE_STATE_"
_CACHED = "skipped"  # what Vertex AI calls a task that took its outputs from the cache


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
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether the run does nothing more by itself."""
        return self in {
            RunState.SUCCEEDED,
            RunState.FAILED,
            RunState.CANCELLED,
            RunState.PAUSED,
        }


@dataclass(frozen=True, kw_only=True)
class TaskProgress:
    """How far a task has come.

    Args:
        name: Its name in the pipeline.
        state: Its state in lowercase letters, as Vertex AI calls it; `cached` for a cache hit.
        seconds: How long it has taken. None before it starts.
        error: Why it failed.
        job: The full name of the job that has its log.
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


def read_progress(job: Message, now: datetime | None = None) -> RunProgress:
    """Read how far a run has come.

    Args:
        job: The `PipelineJob`.
        now: The time, for what hasn't ended. By default, the current time.
    """
    values = print_message(job)
    at = now or datetime.now(timezone.utc)
    state = str(values.get("state", "")).removeprefix(_PREFIX).lower()
    known = {each.value: each for each in RunState}
    details = values.get("jobDetail", {}).get("taskDetails", [])
    return RunProgress(
        name=str(values.get("name", "")),
        state=known.get(state, RunState.UNKNOWN),
        seconds=_measure(values, at),
        error=values.get("error", {}).get("message"),
        tasks=tuple(_read_tasks(details, at)),
    )


def _read_tasks(details: list[dict[str, Any]], now: datetime) -> Iterator[TaskProgress]:
    """Yield the tasks that have none below them; the run itself is a task too."""
    parents = {each["parentTaskId"] for each in details if "parentTaskId" in each}
    roots = {each["taskId"] for each in details if "parentTaskId" not in each and parents}
    for each in sorted(details, key=lambda each: str(each.get("startTime", "~"))):
        if each.get("taskId") in parents | roots:
            continue
        state = str(each.get("state", "pending")).lower()
        yield TaskProgress(
            name=str(each.get("taskName", "")),
            state="cached" if state == _CACHED else state,
            seconds=_measure(each, now),
            error=each.get("error", {}).get("message"),
            job=_find_job(each.get("executorDetail", {})),
        )


def _find_job(detail: Mapping[str, Any]) -> str | None:
    """Return the job with the log, of the last attempt that failed if there is one."""
    container = detail.get("containerDetail", {})
    custom = detail.get("customJobDetail", {})
    jobs = [container.get("mainJob"), custom.get("job"), *container.get("failedMainJobs", ())]
    known = [str(job) for job in jobs if job]
    return known[-1] if known else None


def _measure(values: Mapping[str, Any], now: datetime) -> float | None:
    if "startTime" not in values:
        return None
    end = _parse_time(values["endTime"]) if "endTime" in values else now
    return max(0.0, (end - _parse_time(values["startTime"])).total_seconds())


def _parse_time(text: str) -> datetime:
    """Return a time of a message. Python 3.10 reads neither `Z` nor nanoseconds."""
    whole, _, rest = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{rest[:6]:0<6}+00:00")
