"""What tasks and graphs take in and put out, resolved by KFP's rules."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from kfp.local.executor_output_utils import pb2_value_to_python
from kfp.local.io import IOStore
from kfp.local.orchestrator.orchestrator_utils import OrchestratorUtils
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.errors import MissingOutputError


def with_defaults(arguments: Mapping[str, Any], component: Any) -> dict[str, Any]:
    """Add the defaults of a component's parameters to its arguments.

    Args:
        arguments: Values by name.
        component: The `ComponentSpec`.

    Returns:
        Values by name; whole numbers as `int`, which KFP's messages cannot tell from `float`.
    """
    values = dict(arguments)
    for name, parameter in component.input_definitions.parameters.items():
        if name not in values and parameter.HasField("default_value"):
            values[name] = whole_numbers(pb2_value_to_python(parameter.default_value))
    return values


def task_arguments(task: Any, component: Any, store: IOStore) -> dict[str, Any]:
    """Resolve the inputs of a task.

    Args:
        task: The `PipelineTaskSpec`.
        component: Its `ComponentSpec`.
        store: What the graph around it knows.

    Returns:
        The values by name. Optional inputs without a value are not among them: those from a task
        that failed (`ignore_upstream_failure`), or from a parameter that nobody gave.

    Raises:
        MissingOutputError: An input without a default comes from a task that did not put it out.
    """
    inputs = pipeline_spec_pb2.TaskInputsSpec()
    inputs.CopyFrom(task.inputs)
    declared = component.input_definitions
    for group, definitions in (
        (inputs.parameters, declared.parameters),
        (inputs.artifacts, declared.artifacts),
    ):
        for name in list(group):
            cause = _why_missing(group[name], store)
            if cause is None:
                continue
            if _comes_from_task(group[name]) and not _is_optional(name, definitions):
                raise MissingOutputError(name=name, cause=cause)
            del group[name]
    values: dict[str, Any] = OrchestratorUtils.make_task_arguments(inputs, store)
    return {name: whole_numbers(value) for name, value in values.items()}


def loop_items(task: Any, arguments: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return what a loop runs over.

    Args:
        task: The `PipelineTaskSpec` of a `dsl.ParallelFor`.
        arguments: Its resolved inputs.

    Returns:
        The name of the input that takes one item, and the items.

    Raises:
        MissingOutputError: The value to loop over is no list.
    """
    if task.WhichOneof("iterator") == "artifact_iterator":
        iterator = task.artifact_iterator
        return iterator.item_input, list(arguments[iterator.items.input_artifact])
    iterator = task.parameter_iterator
    if iterator.items.WhichOneof("kind") == "raw":
        items = json.loads(iterator.items.raw)
    else:
        items = arguments.get(iterator.items.input_parameter)
    if isinstance(items, str):
        with contextlib.suppress(json.JSONDecodeError):
            items = json.loads(items)
    if not isinstance(items, list):
        cause = f"the loop needs a list, and got {items!r}"
        raise MissingOutputError(name=iterator.item_input, cause=cause)
    return iterator.item_input, items


def graph_outputs(graph: Any, store: IOStore) -> dict[str, Any]:
    """Return the outputs of a graph whose tasks are done.

    Args:
        graph: The `DagSpec`.
        store: What its tasks put out.

    Returns:
        The values by name. An output of several branches (`dsl.OneOf`) is that of the branch which
        ran; one of a task that did not run, by its condition, is not among them.
    """
    outputs = {}
    for name, selector in graph.outputs.parameters.items():
        if selector.WhichOneof("kind") == "value_from_oneof":
            sources = list(selector.value_from_oneof.parameter_selectors)
        else:
            sources = [selector.value_from_parameter]
        pairs = [(source.producer_subtask, source.output_parameter_key) for source in sources]
        outputs.update(_first(name, pairs, store))
    for name, selector in graph.outputs.artifacts.items():
        pairs = [
            (source.producer_subtask, source.output_artifact_key)
            for source in selector.artifact_selectors
        ]
        outputs.update(_first(name, pairs, store))
    return outputs


def collected(component: Any, iterations: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Gather the outputs of a loop's iterations into lists, for `dsl.Collected`.

    Args:
        component: The `ComponentSpec` of the loop's body.
        iterations: The outputs of each iteration, in order.

    Returns:
        A list for each output that the body declares. Lists of artifacts, from loops in loops, come
        as one list: no component can take another.
    """
    every = list(iterations)
    declared = component.output_definitions
    outputs: dict[str, Any] = {}
    for name in (*declared.parameters, *declared.artifacts):
        values = [outputs_[name] for outputs_ in every if name in outputs_]
        if name in declared.artifacts and values and isinstance(values[0], list):
            values = [artifact for inner in values for artifact in inner]
        outputs[name] = values
    return outputs


def whole_numbers(value: Any) -> Any:
    """Write whole numbers as `int` and mappings in the order of their keys, as KFP's back ends do.

    KFP's messages keep every number as a floating-point one, and mappings in no order.

    Args:
        value: A parameter's value.

    Returns:
        The same, also inside lists and mappings.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole_numbers(each) for each in value]
    if isinstance(value, dict):
        return {key: whole_numbers(value[key]) for key in sorted(value)}
    return value


def _why_missing(source: Any, store: IOStore) -> str | None:
    try:
        match source.WhichOneof("kind"):
            case "task_output_parameter":
                output = source.task_output_parameter
                store.get_task_output(output.producer_task, output.output_parameter_key)
            case "task_output_artifact":
                output = source.task_output_artifact
                store.get_task_output(output.producer_task, output.output_artifact_key)
            case "component_input_parameter":
                store.get_parent_input(source.component_input_parameter)
            case "component_input_artifact":
                store.get_parent_input(source.component_input_artifact)
    except ValueError:
        if _comes_from_task(source):
            return f"the task `{output.producer_task}` did not put it out"
        return "nobody gave it"
    return None


def _comes_from_task(source: Any) -> bool:
    return bool(source.WhichOneof("kind").startswith("task_output"))


def _is_optional(name: str, definitions: Any) -> bool:
    return name in definitions and bool(definitions[name].is_optional)


def _first(name: str, sources: Iterable[tuple[str, str]], store: IOStore) -> dict[str, Any]:
    for task, key in sources:
        with contextlib.suppress(ValueError):
            return {name: store.get_task_output(task, key)}
    return {}
