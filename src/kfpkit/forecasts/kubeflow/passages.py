"""Parameters of a pipeline that are only passed on to tasks.

The value of such a parameter changes the inputs of tasks, and neither which tasks there are nor
anything else of them. Earlier runs that differ only in such values are followed once, with these
parameters open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kfpkit.forecasts.graph import OpenValue
from kfpkit.specification import ComponentSpec, PipelineSpec, PipelineTaskSpec
from kfpkit.specification.execution import allowed_values, convert


@dataclass(frozen=True, kw_only=True)
class PassedValue(OpenValue):
    """The value of a parameter of the pipeline, which is left open.

    Args:
        parameter: The parameter's name.
    """

    parameter: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """How a pipeline passes on one of its parameters.

    Args:
        kinds: The types of the inputs that get it, a `ParameterType` each.
        is_plain: Whether nothing else depends on its value.
    """

    kinds: frozenset[int]
    is_plain: bool

    def convert(self, value: Any) -> Any:
        """Return a value as all inputs have it.

        Args:
            value: The value.

        Returns:
            The value. None if inputs differ in it, or something else depends on it.
        """
        if value is None or not self.is_plain or len(self.kinds) > 1:
            return None
        try:
            return next((convert(value, kind) for kind in self.kinds), value)
        except ValueError:
            return None


def trace_parameter(spec: PipelineSpec, name: str) -> Passage:
    """Find out how a pipeline passes on one of its parameters.

    Args:
        spec: The compiled pipeline.
        name: The parameter's name.
    """
    components = dict(spec.components)  # the message's own mapping would add missing ones
    kinds: set[int] = set()
    todo, done = [(spec.root, name)], {("", name)}
    while todo:
        for task, given in _list_uses(*todo.pop()):
            label = task.component_ref.name
            component = components.get(label)
            if component is None or _steers(task, component, given):
                return Passage(kinds=frozenset(), is_plain=False)
            kinds.add(int(component.input_definitions.parameters[given].parameter_type))
            if (label, given) not in done:
                done.add((label, given))
                todo.append((component, given))
    return Passage(kinds=frozenset(kinds), is_plain=True)


def _list_uses(graph: ComponentSpec, name: str) -> Iterator[tuple[PipelineTaskSpec, str]]:
    """Yield the tasks of a graph that get one of its inputs, and their inputs for it."""
    for task in graph.dag.tasks.values():
        for given, source in task.inputs.parameters.items():
            if source.component_input_parameter == name:
                yield task, given


def _steers(task: PipelineTaskSpec, component: ComponentSpec, given: str) -> bool:
    """Return whether the value of an input is used before the task starts. In doubt, it is."""
    inputs = task.inputs.parameters
    declared = component.input_definitions.parameters
    if given not in declared or inputs[given].parameter_expression_selector:
        return True
    uses = [
        task.trigger_policy.condition,
        str(task.parameter_iterator),
        str(task.artifact_iterator),
        *(str(each.runtime_value) for each in inputs.values()),
    ]
    return bool(allowed_values(declared[given])) or any(given in text for text in uses)
