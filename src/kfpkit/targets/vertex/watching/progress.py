"""How far a run has come, as its message says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from google.protobuf.message import Message

from kfpkit.targets.vertex.service import Connection, fetch_run
from kfpkit.targets.watching import RunProgress, RunState, TaskProgress, parse_time
from kfpkit.vertex import print_message

_PREFIX = "PIPELINE_STATE_"
_CACHED = "skipped"  # what Vertex AI calls a task that took its outputs from the cache


def fetch_progress(connection: Connection, name: str) -> RunProgress:
    """Ask Vertex AI how far a run has come, and soon give up what fails.

    Args:
        connection: A connection to the target's services.
        name: The run's full name.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    brief = replace(connection, patience=connection.patience.brief)
    return read_progress(fetch_run(brief, name))


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
    end = parse_time(values["endTime"]) if "endTime" in values else now
    return max(0.0, (end - parse_time(values["startTime"])).total_seconds())
