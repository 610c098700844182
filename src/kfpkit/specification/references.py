"""Finds references of a compiled pipeline's tasks to values that are undefined.

KFP's compiler silently writes some undefined references: a part of a loop's item in a string, an
item of an outer loop in a string of an inner one, a value of a type such as `List[str]` in a
string. In a cluster, the task fails when it starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kfpkit.specification.message_types import (
    ComponentSpec,
    Constant,
    DagSpec,
    PipelineSpec,
    TaskParameterSpec,
)

_CHANNEL = re.compile(r"{{channel:task=([^;]*);name=([^;]*);type=(.*?);}}")
_LOST = re.compile(r"component_input_(parameter|artifact): (?P<name>\S+) not found\. All inputs")
_INJECTED = "pipelinechannel--"
_PART = "-subvar-"
_ITEM = "loop-item"
# The compiler's names for what stands between a pipeline and its tasks.
_GROUP = re.compile(r"(condition|condition-branches|exit-handler|for-loop)-\d+")


@dataclass(frozen=True, kw_only=True)
class Dangling:
    """A reference to an undefined value.

    Args:
        path: The names of the tasks on the path from the pipeline's root to the one with the
            reference.
        what: The author's reference, in words.
        hidden_by: The type that hides the reference from KFP's compiler, if that is the cause.
        is_group: Whether a group of tasks, such as a loop, has the reference.
    """

    path: tuple[str, ...]
    what: str
    hidden_by: str | None = None
    is_group: bool = False


def find_lost(text: str) -> str | None:
    """Return an undefined reference that KFP's own compiler has detected.

    Args:
        text: The message of the `AssertionError` that a pipeline's decorator has raised.

    Returns:
        The reference, in words. None for another error.
    """
    match = _LOST.match(text)
    return None if match is None else _in_words(match["name"])


def name_task(path: tuple[str, ...]) -> str:
    """Return the name of a task for people, without the enclosing groups.

    Args:
        path: The names of the tasks on the path to it.
    """
    around = [name for name in path[:-1] if not _GROUP.fullmatch(name)]
    return "/".join([*around, *path[-1:]])


def find_dangling(spec: PipelineSpec) -> Iterator[Dangling]:
    """Yield the undefined references of a pipeline's tasks.

    Args:
        spec: The `PipelineSpec`.
    """
    yield from _find_in_graph((), spec.root, spec.components)


def _find_in_graph(
    path: tuple[str, ...], graph: DagSpec, components: Mapping[str, ComponentSpec]
) -> Iterator[Dangling]:
    for name, task in sorted(graph.dag.tasks.items()):
        own = (*path, name)
        component = components[task.component_ref.name]
        for key, given in sorted(task.inputs.parameters.items()):
            if given.HasField("runtime_value"):
                yield from _find_unseen(own, given.runtime_value.constant)
            elif not _is_defined(given, graph, components):
                yield from _find_users(own, key, component, components)
        if component.HasField("dag"):
            yield from _find_in_graph(own, component, components)


def _is_defined(
    given: TaskParameterSpec, graph: DagSpec, components: Mapping[str, ComponentSpec]
) -> bool:
    """Return whether the enclosing graph defines the source of a task's input."""
    if given.HasField("component_input_parameter"):
        return given.component_input_parameter in graph.input_definitions.parameters
    if given.HasField("task_output_parameter"):
        output = given.task_output_parameter
        if output.producer_task not in graph.dag.tasks:
            return False
        producer = components[graph.dag.tasks[output.producer_task].component_ref.name]
        return output.output_parameter_key in producer.output_definitions.parameters
    return True


def _find_users(
    path: tuple[str, ...],
    key: str,
    component: ComponentSpec,
    components: Mapping[str, ComponentSpec],
) -> Iterator[Dangling]:
    """Yield the tasks that use an undefined input. For a group's input, those inside the group."""
    inside = _find_tasks_with(path, key, component, components)
    is_group = component.HasField("dag")
    for user in list(inside) or [path]:
        yield Dangling(path=user, what=_in_words(key), is_group=is_group and user == path)


def _find_tasks_with(
    path: tuple[str, ...],
    key: str,
    component: ComponentSpec,
    components: Mapping[str, ComponentSpec],
) -> Iterator[tuple[str, ...]]:
    for name, task in sorted(component.dag.tasks.items()):
        inner = components[task.component_ref.name]
        if inner.HasField("dag"):
            yield from _find_tasks_with((*path, name), key, inner, components)
        elif key in task.inputs.parameters:
            yield (*path, name)


def _find_unseen(path: tuple[str, ...], constant: Constant) -> Iterator[Dangling]:
    """Yield the references that the compiler left in a constant as a string."""
    for text in _collect_texts(constant):
        for task, name, kind in _CHANNEL.findall(text):
            what = f"the output `{name}` of `{task}`" if task else _in_words(name)
            yield Dangling(path=path, what=what, hidden_by=kind)


def _collect_texts(value: Constant) -> Iterator[str]:
    match value.WhichOneof("kind"):
        case "string_value":
            yield value.string_value
        case "list_value":
            for each in value.list_value.values:
                yield from _collect_texts(each)
        case "struct_value":
            for key, each in sorted(value.struct_value.fields.items()):
                yield key
                yield from _collect_texts(each)


def _in_words(name: str) -> str:
    plain = name.removeprefix(_INJECTED)
    part = plain.rpartition(_PART)[2]
    if part != plain and not part.endswith(_ITEM):
        return f"`{part}` of a loop's item"
    return "a loop's item" if _ITEM in plain else f"`{plain}`"
