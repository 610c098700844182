"""The origin of a task's inputs, through all levels between the task and their producers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kfpkit.runs.record import NodeInput
from kfpkit.specification import ComponentSpec, PipelineTaskSpec, read_constant

_PLACEHOLDER = re.compile(r"\{\{\$\.inputs\.(?:parameters|artifacts)\['([^']+)'\][^}]*\}\}")
_CHANNEL = "pipelinechannel--"
# What the compiler puts around tasks, and their names in the run do not show.
_GROUP = re.compile(r"(condition|condition-branches|exit-handler)-\d+")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A graph of the pipeline, with the values that its tasks can use.

    Args:
        component: The `ComponentSpec` with the graph.
        components: All components of the pipeline by name.
        inputs: The origin of the graph's inputs.
        path: The names of the loops and pipelines around its tasks.
    """

    component: ComponentSpec
    components: Mapping[str, ComponentSpec]
    inputs: Mapping[str, NodeInput]
    path: tuple[str, ...] = ()

    def name(self, task: str) -> str:
        """Return the ID of a task's node.

        Args:
            task: The task's name in the graph.
        """
        return "/".join((*self.path, task))

    def inside(self, task: str, inputs: Mapping[str, NodeInput]) -> Scope:
        """Return the graph that a task of this graph consists of.

        Args:
            task: The task's name.
            inputs: The origin of the inputs of that graph.
        """
        component = self.components[self.component.dag.tasks[task].component_ref.name]
        path = self.path if _GROUP.fullmatch(task) else (*self.path, task)
        return replace(self, component=component, inputs=inputs, path=path)

    def outputs(self, task: str, key: str) -> Iterator[str]:
        """Yield the outputs `NODE.OUTPUT` that an output of a task consists of.

        Args:
            task: The task's name in the graph.
            key: The output's name.
        """
        if task not in self.component.dag.tasks:
            return
        inner = self.inside(task, {})
        if inner.component.WhichOneof("implementation") == "dag":
            yield from inner.results(key)
        else:
            yield f"{self.name(task)}.{key}"

    def results(self, key: str) -> Iterator[str]:
        """Yield the outputs `NODE.OUTPUT` that an output of the graph consists of.

        Args:
            key: The output's name.
        """
        declared = self.component.dag.outputs
        if key in declared.parameters:
            selector = declared.parameters[key]
            if selector.WhichOneof("kind") == "value_from_oneof":
                parameters = list(selector.value_from_oneof.parameter_selectors)
            else:
                parameters = [selector.value_from_parameter]
            for parameter in parameters:
                yield from self.outputs(parameter.producer_subtask, parameter.output_parameter_key)
        elif key in declared.artifacts:
            for artifact in declared.artifacts[key].artifact_selectors:
                yield from self.outputs(artifact.producer_subtask, artifact.output_artifact_key)


def resolve_inputs(task: PipelineTaskSpec, scope: Scope) -> dict[str, NodeInput]:
    """Return the origin of a task's inputs.

    Args:
        task: The `PipelineTaskSpec`.
        scope: The graph around it.

    Returns:
        The inputs by name, without those whose origin isn't known.
    """
    found: dict[str, NodeInput] = {}
    for name, artifact in sorted(task.inputs.artifacts.items()):
        if artifact.HasField("task_output_artifact"):
            output = artifact.task_output_artifact
            sources = scope.outputs(output.producer_task, output.output_artifact_key)
            found[name] = NodeInput(sources=tuple(sources))
        else:
            found[name] = take(scope.inputs, artifact.component_input_artifact)
    parameters = task.inputs.parameters
    # Constants last: their text may name the others.
    for name in sorted(
        parameters, key=lambda key: (parameters[key].HasField("runtime_value"), key)
    ):
        given = parameters[name]
        if given.HasField("task_output_parameter"):
            produced = given.task_output_parameter
            sources = scope.outputs(produced.producer_task, produced.output_parameter_key)
            found[name] = NodeInput(sources=tuple(sources))
        elif given.HasField("runtime_value"):
            found[name] = _read_constant(read_constant(given.runtime_value.constant), found)
        elif given.HasField("component_input_parameter"):
            found[name] = take(scope.inputs, given.component_input_parameter)
    return {name: found[name] for name in sorted(found) if found[name] != NodeInput()}


def take(inputs: Mapping[str, NodeInput], name: str) -> NodeInput:
    """Return an input of a graph, or the input that it is part of.

    Args:
        inputs: The graph's inputs.
        name: The input's name.
    """
    return inputs.get(name, NodeInput())


def _read_constant(value: object, others: Mapping[str, NodeInput]) -> NodeInput:
    named = _PLACEHOLDER.findall(repr(value)) if isinstance(value, (str, list, dict)) else []
    sources = [source for name in named for source in (take(others, name).sources or ())]
    shown = _PLACEHOLDER.sub(_shorten, value) if isinstance(value, str) else value
    return NodeInput(sources=tuple(dict.fromkeys(sources)) or None, value=shown)


def _shorten(match: re.Match[str]) -> str:
    return "{" + match[1].removeprefix(_CHANNEL) + "}"
