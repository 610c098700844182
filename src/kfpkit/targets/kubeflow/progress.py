"""How far a run has come, as a Kubeflow Pipelines server says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from kfpkit.targets.watching import RunProgress, RunState, TaskProgress, parse_time

_STATES = {"canceling": RunState.CANCELLING, "canceled": RunState.CANCELLED}
_STATES |= {each.value: each for each in RunState}
_DRIVER = "-driver"
_OWN = frozenset({"executor", "root"})


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
        error=_find_error(run),
        tasks=tuple(_read_tasks(run, at)),
    )


def _read_tasks(run: Mapping[str, Any], now: datetime) -> Iterator[TaskProgress]:
    """Yield the tasks of the pipeline.

    The server lists the nodes of Argo's workflow, in which each task is several: its driver, and
    what runs its container. The pipeline's specification has the names of its own.
    """
    details = (run.get("run_details") or {}).get("task_details") or []
    names = _list_names(run.get("pipeline_spec") or {})
    for each in sorted(details, key=lambda each: str(each.get("start_time") or "~")):
        name = str(each.get("display_name", ""))
        if name not in names if names else name in _OWN or name.endswith(_DRIVER):
            continue
        state = str(each.get("state") or "pending").lower()
        known = _STATES.get(state)
        yield TaskProgress(
            name=name,
            state=known.value if known else state,
            seconds=_measure(each, "start_time", "end_time", now),
            error=_find_error(each),
        )


def _find_error(values: Mapping[str, Any]) -> str | None:
    """Return the error of a run or a task, which servers report in its history of states."""
    states = [*(values.get("state_history") or []), values]
    errors = [(each.get("error") or {}).get("message") for each in states]
    return next((each for each in reversed(errors) if each), None)


def _list_names(content: Mapping[str, Any]) -> set[str]:
    """Return the names of tasks with a container. Empty if the run doesn't have its pipeline."""
    spec = content.get("pipeline_spec", content)
    components = spec.get("components", {})
    graphs = [spec.get("root", {}), *components.values()]
    tasks = [task for each in graphs for task in each.get("dag", {}).get("tasks", {}).items()]
    return {
        name
        for name, task in tasks
        if "dag" not in components.get(task.get("componentRef", {}).get("name"), {})
    }


def _measure(values: Mapping[str, Any], first: str, last: str, now: datetime) -> float | None:
    """Return the seconds between two times. The server writes 1970 for one that hasn't come."""
    start = _parse(values.get(first))
    if start is None:
        return None
    return max(0.0, ((_parse(values.get(last)) or now) - start).total_seconds())


def _parse(text: str | None) -> datetime | None:
    found = parse_time(text) if text else None
    return found if found and found.timestamp() > 0 else None
