"""Collects the outputs of graphs: of tasks, of the branch that ran, of a loop's iterations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kfpkit.specification.artifacts import artifacts_in
from kfpkit.specification.execution.scope import Scope
from kfpkit.specification.message_types import ComponentSpec, DagSpec, Value


def collect_graph_outputs(graph: DagSpec, scope: Scope) -> dict[str, Value]:
    """Return the outputs of a graph after its tasks have ended.

    Args:
        graph: The `DagSpec`.
        scope: The outputs of its tasks.

    Returns:
        The values by name. An output of several branches (`dsl.OneOf`) is that of the branch that
        ran. Outputs of tasks that didn't run because of their condition are left out.
    """
    outputs = {}
    for name, selector in graph.outputs.parameters.items():
        if selector.WhichOneof("kind") == "value_from_oneof":
            sources = list(selector.value_from_oneof.parameter_selectors)
        else:
            sources = [selector.value_from_parameter]
        pairs = [(source.producer_subtask, source.output_parameter_key) for source in sources]
        outputs.update(_find_first(name, pairs, scope))
    for name, selector in graph.outputs.artifacts.items():
        pairs = [
            (source.producer_subtask, source.output_artifact_key)
            for source in selector.artifact_selectors
        ]
        outputs.update(_find_first(name, pairs, scope))
    return outputs


def collect_iterations(
    component: ComponentSpec, iterations: Iterable[Mapping[str, Value]]
) -> dict[str, Value]:
    """Collect the outputs of a loop's iterations in lists, for `dsl.Collected`.

    Args:
        component: The `ComponentSpec` of the loop's body.
        iterations: The outputs of each iteration, in order.

    Returns:
        A list for each output that the body declares. Nested loops produce one flat list of
        artifacts, because no component accepts another one.
    """
    every = list(iterations)
    declared = component.output_definitions
    outputs: dict[str, Value] = {}
    for name in (*declared.parameters, *declared.artifacts):
        values = [outputs_[name] for outputs_ in every if name in outputs_]
        if name in declared.artifacts and values and isinstance(values[0], list):
            values = [artifact for inner in values for artifact in artifacts_in(inner)]
        outputs[name] = values
    return outputs


def _find_first(name: str, sources: Iterable[tuple[str, str]], scope: Scope) -> dict[str, Value]:
    for task, key in sources:
        if scope.has_output(task, key):
            return {name: scope.outputs[task][key]}
    return {}
