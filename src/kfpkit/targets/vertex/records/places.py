"""The places of a job's tasks in its pipeline: names, nodes and iterations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What the compiler puts around tasks. Their names are not part of a task's name in a record.
_GROUP = re.compile(r"(condition|condition-branches|exit-handler)-\d+")
_NUMBER = re.compile(r"(?:.*-)?(\d+)")
_Detail = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TaskPlace:
    """A task of a job, and its place in the pipeline.

    Args:
        detail: Its `PipelineTaskDetail`, as in JSON.
        name: Its name, with those of the loops and pipelines around it.
        node: The ID of its node. Empty if the compiled pipeline has no such task.
        iteration: The numbers of the iterations around it, from the outermost loop inward.
        component: Its component in the compiled pipeline.
    """

    detail: _Detail
    name: str
    node: str = ""
    iteration: tuple[int, ...] = ()
    component: Mapping[str, Any]


def place_tasks(details: Sequence[_Detail], spec: Mapping[str, Any]) -> list[TaskPlace]:
    """Return the places of tasks, in the order of their start.

    Groups are left out: the run itself, conditions, and loops and pipelines whose tasks are known.

    Args:
        details: The job's `taskDetails`.
        spec: The compiled pipeline.
    """
    known = {str(each["taskId"]): each for each in details if "taskId" in each}
    parents = {str(each["parentTaskId"]) for each in details if "parentTaskId" in each}
    ordered = sorted(details, key=lambda each: each.get("startTime") or each.get("createTime", "~"))
    counts: dict[str, int] = {}
    found = []
    for detail in ordered:
        is_root = "parentTaskId" not in detail and bool(parents)
        if is_root or str(detail.get("taskId", "")) in parents:
            continue
        if not _GROUP.fullmatch(str(detail.get("taskName", ""))):
            found.append(_count(_place(detail, known, spec), counts))
    return found


def list_log_jobs(detail: _Detail) -> tuple[str, ...]:
    """Return the full names of the jobs that have a task's log, one for each attempt, in order.

    Args:
        detail: The `PipelineTaskDetail`, as in JSON.
    """
    executor = detail.get("executorDetail", {})
    container, custom = executor.get("containerDetail", {}), executor.get("customJobDetail", {})
    jobs = [
        *container.get("failedMainJobs", ()),
        container.get("mainJob"),
        *custom.get("failedJobs", ()),
        custom.get("job"),
    ]
    return tuple(dict.fromkeys(str(job) for job in jobs if job))


def _place(detail: _Detail, known: Mapping[str, _Detail], spec: Mapping[str, Any]) -> TaskPlace:
    """Follow the names of what is around a task through the compiled pipeline."""
    components = spec.get("components", {})
    component: Mapping[str, Any] = spec.get("root", {})
    name: list[str] = []
    node: list[str] = []
    iteration: list[int] = []
    is_known, is_loop = bool(component), False
    for part in _list_names(detail, known):
        task = component.get("dag", {}).get("tasks", {}).get(part)
        number = _NUMBER.fullmatch(part)
        if task is not None:
            component = components.get(task.get("componentRef", {}).get("name"), {})
            is_loop = "parameterIterator" in task or "artifactIterator" in task
            if not _GROUP.fullmatch(part):
                name.append(part)
                node.append(part)
        elif is_loop and number:  # Vertex AI's documentation doesn't say how it names iterations
            name.append(number[1])
            iteration.append(int(number[1]))
            is_loop = False
        else:
            name.append(part)
            is_known, component = False, {}
    return TaskPlace(
        detail=detail,
        name="/".join(name),
        node="/".join(node) if is_known else "",
        iteration=tuple(iteration),
        component=component,
    )


def _list_names(detail: _Detail, known: Mapping[str, _Detail]) -> list[str]:
    """Return the names of what is around a task, from the outside inward, and its own."""
    names = [str(each.get("taskName", "")) for each in _climb(detail, known)]
    return names[::-1]


def _climb(detail: _Detail, known: Mapping[str, _Detail]) -> Iterator[_Detail]:
    """Yield a task and what is around it, without the run itself, which has no parent."""
    yield detail
    seen: set[str] = set()
    while "parentTaskId" in detail:
        parent = str(detail["parentTaskId"])
        if parent not in known or parent in seen:
            return
        seen.add(parent)
        detail = known[parent]
        if "parentTaskId" in detail:
            yield detail


def _count(place: TaskPlace, counts: dict[str, int]) -> TaskPlace:
    """Tell tasks apart that the service gives the same name, as in iterations without a number."""
    counts[place.name] = counts.get(place.name, 0) + 1
    if counts[place.name] == 1:
        return place
    return TaskPlace(
        detail=place.detail,
        name=f"{place.name} ({counts[place.name]})",
        node=place.node,
        iteration=place.iteration,
        component=place.component,
    )
