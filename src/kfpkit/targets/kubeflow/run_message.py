"""What a run has, as a Kubeflow Pipelines server reports it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kfpkit.targets.watching import parse_time

_DRIVER = "-driver"
_OWN = frozenset({"executor", "root"})


def get_spec(content: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the specification of a pipeline. Empty if there is none.

    Args:
        content: The field `pipeline_spec` of a run or a version, which may have a second document.
    """
    spec: Mapping[str, Any] = (content or {}).get("pipeline_spec", content or {})
    return spec


def list_tasks(run: Mapping[str, Any], spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the details of the pipeline's tasks, in the order of their start.

    The server lists the nodes of Argo's workflow, in which each task is several: its driver, and
    what runs its container. The pipeline's specification has the names of its own.

    Args:
        run: The run.
        spec: The specification of its pipeline. Empty if it isn't known.
    """
    details = (run.get("run_details") or {}).get("task_details") or []
    names = _list_names(spec)
    return [
        each
        for each in sorted(details, key=lambda each: str(each.get("start_time") or "~"))
        if _is_task(str(each.get("display_name", "")), names)
    ]


def find_error(values: Mapping[str, Any]) -> str | None:
    """Return the error of a run or a task, which servers report in its history of states.

    Args:
        values: The run or the task.
    """
    states = [*(values.get("state_history") or []), values]
    errors = [(each.get("error") or {}).get("message") for each in states]
    return next((str(each) for each in reversed(errors) if each), None)


def read_time(values: Mapping[str, Any], name: str) -> datetime | None:
    """Return a time. None for one that hasn't come, for which the server writes 1970.

    Args:
        values: The run or the task.
        name: The name of the field.
    """
    text = values.get(name)
    found = parse_time(text) if text else None
    return found if found and found.timestamp() > 0 else None


def _is_task(name: str, names: set[str]) -> bool:
    if names:
        return name in names
    return name not in _OWN and not name.endswith(_DRIVER)


def _list_names(spec: Mapping[str, Any]) -> set[str]:
    """Return the names of tasks with a container. Empty if the pipeline isn't known."""
    components = spec.get("components", {})
    graphs = [spec.get("root", {}), *components.values()]
    tasks = [task for each in graphs for task in each.get("dag", {}).get("tasks", {}).items()]
    return {
        name
        for name, task in tasks
        if "dag" not in components.get(task.get("componentRef", {}).get("name"), {})
    }
