"""How far a run has come, as a Kubeflow Pipelines server says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from kfpkit.targets.kubeflow.run_message import find_error, get_spec, list_tasks, read_time
from kfpkit.targets.watching import RunProgress, RunState, TaskProgress

_STATES = {"canceling": RunState.CANCELLING, "canceled": RunState.CANCELLED}
_STATES |= {each.value: each for each in RunState}


def read_progress(run: Mapping[str, Any], now: datetime | None = None) -> RunProgress:
    """Read how far a run has come.

    Args:
        run: The run, as in JSON.
        now: The time, for what hasn't ended. By default, the current time.
    """
    at = now or datetime.now(timezone.utc)
    state = str(run.get("state", "")).lower()
    return RunProgress(
        name=str(run.get("run_id", "")),
        state=_STATES.get(state, RunState.UNKNOWN),
        seconds=_measure(run, "created_at", "finished_at", at),
        error=find_error(run),
        tasks=tuple(_read_tasks(run, at)),
    )


def _read_tasks(run: Mapping[str, Any], now: datetime) -> Iterator[TaskProgress]:
    for each in list_tasks(run, get_spec(run.get("pipeline_spec"))):
        state = str(each.get("state") or "pending").lower()
        known = _STATES.get(state)
        yield TaskProgress(
            name=str(each.get("display_name", "")),
            state=known.value if known else state,
            seconds=_measure(each, "start_time", "end_time", now),
            error=find_error(each),
        )


def _measure(values: Mapping[str, Any], first: str, last: str, now: datetime) -> float | None:
    """Return the seconds between two times, the second of which may not have come."""
    start = read_time(values, first)
    if start is None:
        return None
    return max(0.0, ((read_time(values, last) or now) - start).total_seconds())
