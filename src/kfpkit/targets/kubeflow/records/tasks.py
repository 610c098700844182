"""The tasks of a run in the form of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfpkit.runs.record import Component, Node, RunState, State, Task, Times
from kfpkit.targets.kubeflow.records.states import STATES, TASK_STATES
from kfpkit.targets.kubeflow.run_message import find_error, get_spec, list_tasks, read_time

_FINAL = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.STOPPED})


@dataclass(frozen=True, kw_only=True)
class NamedTask:
    """A task of a run, with its name in the record.

    Args:
        name: Its name.
        node: Its node in the compiled pipeline. None if several have its name in their graphs, or
            none has.
        detail: What the server tells of it.
    """

    name: str
    node: Node | None
    detail: Mapping[str, Any]


def describe_tasks(
    run: Mapping[str, Any],
    content: Mapping[str, Any],
    nodes: Sequence[Node],
    components: Mapping[str, Component],
) -> tuple[Task, ...]:
    """Return the tasks of a run.

    Args:
        run: The run, as in JSON.
        content: Its pipeline, as in JSON.
        nodes: The pipeline's nodes.
        components: The pipeline's components by name.
    """
    has_ended = STATES.get(str(run.get("state"))) in _FINAL
    named = _name_tasks(run, content, nodes)
    return tuple(_describe(each, components, has_ended=has_ended) for each in named)


def find_detail(
    run: Mapping[str, Any], content: Mapping[str, Any], nodes: Sequence[Node], task: str
) -> Mapping[str, Any]:
    """Return what the server tells of a task. Empty if there is no such task.

    Args:
        run: The run, as in JSON.
        content: Its pipeline, as in JSON.
        nodes: The pipeline's nodes.
        task: The task's name in the record.
    """
    named = _name_tasks(run, content, nodes)
    return next((each.detail for each in named if each.name == task), {})


def _name_tasks(
    run: Mapping[str, Any], content: Mapping[str, Any], nodes: Sequence[Node]
) -> Iterator[NamedTask]:
    """Yield tasks with their nodes.

    The server tells the name of a task in its graph alone, and nothing of what is around it. Tasks
    of one name, such as iterations of a loop, are numbered in the order of their start.
    """
    places: dict[str, list[Node]] = {}
    for each in nodes:
        if each.kind == "task":
            places.setdefault(each.id.rpartition("/")[2], []).append(each)
    counts: dict[str, int] = {}
    for detail in list_tasks(run, get_spec(content)):
        own = str(detail.get("display_name", ""))
        found = places.get(own, [])
        node = found[0] if len(found) == 1 else None
        name = own if node is None else node.id
        counts[name] = counts.get(name, 0) + 1
        number = f" ({counts[name]})" if counts[name] > 1 else ""
        yield NamedTask(name=f"{name}{number}", node=node, detail=detail)


def _describe(task: NamedTask, components: Mapping[str, Component], *, has_ended: bool) -> Task:
    node, detail = task.node, task.detail
    # Argo omits a task whose upstream didn't succeed, which the API has no state for.
    unknown = State.NOT_STARTED if has_ended else State.WAITING
    state = TASK_STATES.get(str(detail.get("state")), unknown)
    has_run = state in {State.RUNNING, State.SUCCEEDED, State.FAILED, State.STOPPED}
    running = read_time(detail, "start_time") if has_run else None
    ended = read_time(detail, "end_time") if has_run else None
    failure = find_error(detail)
    component = None if node is None else components.get(node.component or "")
    return Task(
        name=task.name,
        node=None if node is None else node.id,
        environment=None if component is None else component.environment,
        display=None if node is None else node.display,
        state=state,
        times=Times(running=running, ended=ended),
        seconds=(ended - running).total_seconds() if running and ended else None,
        failure=failure.rstrip(". ") if failure and state is State.FAILED else None,
    )
