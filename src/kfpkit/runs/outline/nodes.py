"""The nodes of a compiled pipeline, as its author sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kfpkit.runs.outline.branches import shorten_conditions
from kfpkit.runs.outline.components import name_component
from kfpkit.runs.outline.inputs import Scope, resolve_inputs, take
from kfpkit.runs.record import Node, NodeInput
from kfpkit.specification import (
    ComponentSpec,
    PipelineSpec,
    PipelineTaskSpec,
    find_dependencies,
    sort_tasks,
)

_Kind = Literal["task", "loop", "condition", "exit", "pipeline"]
_BRANCHES = re.compile(r"condition-branches-\d+")
_CONDITION = re.compile(r"condition-\d+")
_EXIT = re.compile(r"exit-handler-\d+")
_OPERAND = re.compile(r"(?:\w+\()?inputs\.parameter_values\['([^']+)'\](\))?")
_CHANNEL = "pipelinechannel--"


def describe_nodes(spec: PipelineSpec) -> tuple[Node, ...]:
    """Return the nodes of a pipeline, each before those inside it.

    Args:
        spec: The `PipelineSpec`.
    """
    inputs = spec.root.input_definitions
    given = {name: NodeInput(parameter=name) for name in (*inputs.parameters, *inputs.artifacts)}
    scope = Scope(component=spec.root, components=dict(spec.components), inputs=given)
    return tuple(_Walk(scope=scope).nodes())


def describe_results(spec: PipelineSpec) -> dict[str, tuple[str, ...]]:
    """Return the outputs `NODE.OUTPUT` that each output of a pipeline consists of.

    Args:
        spec: The `PipelineSpec`.
    """
    scope = Scope(component=spec.root, components=dict(spec.components), inputs={})
    declared = spec.root.dag.outputs
    names = sorted((*declared.parameters, *declared.artifacts))
    return {name: tuple(scope.results(name)) for name in names}


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """A walk through one graph of the pipeline.

    Args:
        scope: The graph, with the origin of its inputs.
        parent: The node around it.
    """

    scope: Scope
    parent: str | None = None

    def nodes(self) -> Iterator[Node]:
        tasks = self.scope.component.dag.tasks
        conditions = shorten_conditions(tasks)
        for name in sort_tasks(tasks):
            yield from self._node(name, tasks[name], conditions.get(name, ""))

    def _node(self, name: str, task: PipelineTaskSpec, condition: str) -> Iterator[Node]:
        component = self.scope.components[task.component_ref.name]
        inputs = resolve_inputs(task, self.scope)
        own = self.scope.name(name)
        if _BRANCHES.fullmatch(name):
            yield from _Walk(scope=self.scope.inside(name, inputs), parent=self.parent).nodes()
            return
        kind = _find_kind(name, task, component)
        yield Node(
            id=own,
            kind=kind,
            parent=self.parent,
            component=name_component(task.component_ref.name) if kind == "task" else None,
            label=_show_condition(condition, inputs) or name,
            display=_display(name, task) if kind in {"task", "pipeline"} else None,
            inputs=_show_inputs(kind, task, inputs),
            after=self._find_earlier(task),
        )
        if kind == "task":
            return
        if kind == "loop":
            inputs = {**inputs, _item_name(task): NodeInput(item=own)}
        yield from _Walk(scope=self.scope.inside(name, inputs), parent=own).nodes()

    def _find_earlier(self, task: PipelineTaskSpec) -> tuple[str, ...]:
        tasks = self.scope.component.dag.tasks
        found: list[str] = []
        for name in find_dependencies(task):
            if name in tasks and _BRANCHES.fullmatch(name):
                branches = self.scope.components[tasks[name].component_ref.name].dag.tasks
                inside = self.scope.inside(name, {})
                found += [inside.name(branch) for branch in sort_tasks(branches)]
            elif name in tasks:
                found.append(self.scope.name(name))
        return tuple(found)


def _find_kind(name: str, task: PipelineTaskSpec, component: ComponentSpec) -> _Kind:
    if task.WhichOneof("iterator"):
        return "loop"
    if component.WhichOneof("implementation") != "dag":
        return "task"
    if _CONDITION.fullmatch(name):
        return "condition"
    return "exit" if _EXIT.fullmatch(name) else "pipeline"


def _display(name: str, task: PipelineTaskSpec) -> str | None:
    shown = task.task_info.name
    return None if shown in {"", name} else shown


def _show_condition(condition: str, inputs: Mapping[str, NodeInput]) -> str:
    """Name the operands of a condition as their author knows them."""

    def show(match: re.Match[str]) -> str:
        given = inputs.get(match[1], NodeInput())
        names = given.sources or ((given.parameter,) if given.parameter else ())
        return str(names[0]) if names else match[1].removeprefix(_CHANNEL)

    return _OPERAND.sub(show, condition)


def _show_inputs(
    kind: _Kind, task: PipelineTaskSpec, inputs: Mapping[str, NodeInput]
) -> dict[str, NodeInput]:
    """Leave out inputs that KFP's compiler only passes through."""
    if kind == "loop":
        return {"items": _find_items(task, inputs)}
    if kind == "condition":
        named = {match[1] for match in _OPERAND.finditer(task.trigger_policy.condition)}
        return {name.removeprefix(_CHANNEL): inputs[name] for name in inputs if name in named}
    return {name: given for name, given in inputs.items() if not name.startswith(_CHANNEL)}


def _find_items(task: PipelineTaskSpec, inputs: Mapping[str, NodeInput]) -> NodeInput:
    if task.WhichOneof("iterator") == "artifact_iterator":
        return take(inputs, task.artifact_iterator.items.input_artifact)
    items = task.parameter_iterator.items
    if items.WhichOneof("kind") == "raw":
        return NodeInput(value=json.loads(items.raw))
    return take(inputs, items.input_parameter)


def _item_name(task: PipelineTaskSpec) -> str:
    if task.WhichOneof("iterator") == "artifact_iterator":
        return str(task.artifact_iterator.item_input)
    return str(task.parameter_iterator.item_input)
