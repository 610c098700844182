"""Resolves the inputs of tasks where some values aren't known yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.forecasts.graph.open_values import OpenValue, find_open, merge_open
from kfpkit.specification import ComponentSpec, PipelineTaskSpec, holds
from kfpkit.specification.execution import Scope, collect_iterations, resolve_task_arguments


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The inputs of a task.

    Args:
        known: The values of those that are known, by name.
        open: The others, by name.
    """

    known: Mapping[str, Any]
    open: Mapping[str, OpenValue]

    @property
    def every(self) -> dict[str, Any]:
        """All inputs by name."""
        return {**self.known, **self.open}

    def decide(self, condition: str) -> bool | OpenValue:
        """Evaluate a condition.

        Args:
            condition: The expression, as compiled.

        Returns:
            Whether it is true, or the value that it hangs on.

        Raises:
            ConditionError: It can't be evaluated.
        """
        try:
            return holds(condition, _Watched(self))
        except _OpenError as found:
            return found.value


def resolve_arguments(
    name: str, task: PipelineTaskSpec, component: ComponentSpec, scope: Scope
) -> Arguments:
    """Resolve the inputs of a task as a run does, except those that aren't known.

    Args:
        name: The task's name in its graph.
        task: The `PipelineTaskSpec`.
        component: Its `ComponentSpec`.
        scope: The scope of the enclosing graph.

    Raises:
        LocalRunError: The task would fail.
    """
    opened = dict(_find_open_inputs(task, scope))
    for key, given in task.inputs.parameters.items():
        if given.HasField("runtime_value"):
            named = [each for each in opened if _names(str(given.runtime_value.constant), each)]
            if named:
                opened[key] = merge_open(opened[each] for each in named)
    if not opened:
        known = resolve_task_arguments(name, task, component, scope)
        return Arguments(known=known, open={})
    rest = PipelineTaskSpec()
    rest.CopyFrom(task)
    for key in opened:
        rest.inputs.parameters.pop(key, None)
        rest.inputs.artifacts.pop(key, None)
    return Arguments(known=resolve_task_arguments(name, rest, component, scope), open=opened)


def collect_loop_outputs(
    component: ComponentSpec, iterations: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """Collect the outputs of a loop's iterations in lists.

    Args:
        component: The `ComponentSpec` of the loop's body.
        iterations: The outputs of each iteration, in order.
    """
    outputs: dict[str, Any] = {}
    declared = component.output_definitions
    for name in (*declared.parameters, *declared.artifacts):
        values = [each[name] for each in iterations if name in each]
        opened = find_open(values)
        if opened is not None:
            outputs[name] = opened
    known = [{key: each[key] for key in each if key not in outputs} for each in iterations]
    return {**collect_iterations(component, known), **outputs}


def _find_open_inputs(task: PipelineTaskSpec, scope: Scope) -> Iterator[tuple[str, OpenValue]]:
    for name, given in (*task.inputs.parameters.items(), *task.inputs.artifacts.items()):
        kind = given.WhichOneof("kind")
        if kind in {"task_output_parameter", "task_output_artifact"}:
            source = getattr(given, kind)
            is_parameter = kind == "task_output_parameter"
            key = source.output_parameter_key if is_parameter else source.output_artifact_key
            value = scope.outputs.get(source.producer_task, {}).get(key)
        elif kind in {"component_input_parameter", "component_input_artifact"}:
            value = scope.inputs.get(getattr(given, kind))
        else:
            continue
        found = find_open(value)
        if found is not None:
            yield name, found


def _names(text: str, name: str) -> bool:
    """Return whether a constant has a placeholder for an input."""
    # The message's own form puts a backslash before each quotation mark.
    return f"inputs.parameters['{name}']" in text.replace("\\", "").replace('"', "'")


class _OpenError(Exception):
    """A condition needs a value that isn't known."""

    def __init__(self, value: OpenValue) -> None:
        super().__init__()
        self.value = value


class _Watched(dict[str, Any]):
    """Arguments that report when one is read that isn't known."""

    def __init__(self, arguments: Arguments) -> None:
        super().__init__(arguments.known)
        self._open = arguments.open

    def __missing__(self, name: str) -> Any:
        if name in self._open:
            raise _OpenError(self._open[name])
        raise KeyError(name)
