"""Resolves the inputs of tasks and graphs as Kubeflow's driver does."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kfp.local.executor_output_utils import pb2_value_to_python

from kfpkit.errors import (
    MissingOutputError,
    MissingValueError,
    TaskValuesError,
    UndefinedInputError,
)
from kfpkit.specification.artifacts import artifacts_in
from kfpkit.specification.execution.conversion import (
    allowed_values,
    as_text,
    convert,
    normalise_value,
)
from kfpkit.specification.execution.final_status import make_final_status
from kfpkit.specification.execution.scope import Scope
from kfpkit.specification.execution.selectors import select
from kfpkit.specification.execution.templates import Answers, fill_all
from kfpkit.specification.message_types import (
    ComponentSpec,
    PipelineTaskSpec,
    TaskParameterSpec,
    Value,
)

_INJECTED = "pipelinechannel--"
_ABSENT = object()


def add_defaults(arguments: Mapping[str, Value], component: ComponentSpec) -> dict[str, Value]:
    """Add the defaults of a component's parameters to its arguments.

    Args:
        arguments: Values by name.
        component: The `ComponentSpec`.

    Returns:
        Values by name. Whole numbers are `int`, which KFP's messages can't distinguish from
        `float`.
    """
    values = dict(arguments)
    for name, parameter in component.input_definitions.parameters.items():
        if name not in values and parameter.HasField("default_value"):
            values[name] = normalise_value(pb2_value_to_python(parameter.default_value))
    return values


def resolve_graph_inputs(
    arguments: Mapping[str, Value], component: ComponentSpec
) -> dict[str, Value]:
    """Return the inputs of a graph, for its tasks.

    Args:
        arguments: Values by name.
        component: The `ComponentSpec` with the graph.

    Returns:
        The values, with defaults, and None for each optional parameter without a default.
    """
    declared = component.input_definitions.parameters
    absent = {name: None for name, parameter in declared.items() if parameter.is_optional}
    return {**absent, **add_defaults(arguments, component)}


def resolve_task_arguments(
    name: str, task: PipelineTaskSpec, component: ComponentSpec, scope: Scope
) -> dict[str, Value]:
    """Resolve the inputs of a task.

    Args:
        name: The task's name in its graph.
        task: The `PipelineTaskSpec`.
        component: Its `ComponentSpec`.
        scope: The scope of the enclosing graph.

    Returns:
        The values by name, without optional inputs that have no value: those from a failed task
        (`ignore_upstream_failure`), or from a parameter that wasn't passed.

    Raises:
        MissingOutputError: An input without a default comes from a task that did not produce it.
        MissingValueError: An input that needs a value is None.
        UndefinedInputError: The source of an input is undefined.
        TaskValuesError: A value doesn't have the type that the component declares.
    """
    resolution = _Resolution(name=name, task=task, component=component, scope=scope)
    with _reading(name):
        return {**resolution.parameters(), **resolution.artifacts()}


def resolve_loop(
    name: str, task: PipelineTaskSpec, component: ComponentSpec, arguments: Mapping[str, Value]
) -> Loop:
    """Return the items of a loop.

    Args:
        name: The task's name in its graph.
        task: The `PipelineTaskSpec` of a `dsl.ParallelFor`.
        component: The `ComponentSpec` of the loop's body.
        arguments: Its resolved inputs.

    Returns:
        The loop.

    Raises:
        TaskValuesError: The value isn't a list, or an item has another type.
    """
    if task.WhichOneof("iterator") == "artifact_iterator":
        iterator = task.artifact_iterator
        items = artifacts_in(arguments[iterator.items.input_artifact])
        return Loop(item_input=iterator.item_input, items=items)
    iterator = task.parameter_iterator
    item_input = iterator.item_input
    kind = component.input_definitions.parameters[item_input].parameter_type
    with _reading(name):
        if iterator.items.WhichOneof("kind") == "raw":
            given = json.loads(iterator.items.raw)
        else:
            given = arguments.get(iterator.items.input_parameter)
            given = json.loads(given) if isinstance(given, str) else given
        if not isinstance(given, list):
            message = f"the loop needs a list, but gets {given!r}"
            raise ValueError(message)  # noqa: TRY004 - a value of the pipeline's
        return Loop(item_input=item_input, items=[convert(each, kind) for each in given])


@dataclass(frozen=True, kw_only=True)
class Loop:
    """The items of a loop.

    Args:
        item_input: The name of the input that receives one item.
        items: The items.
    """

    item_input: str
    items: Sequence[Value]


@dataclass(frozen=True, kw_only=True)
class _Resolution:
    """A task with inputs to resolve."""

    name: str
    task: PipelineTaskSpec
    component: ComponentSpec
    scope: Scope

    def parameters(self) -> dict[str, Value]:
        """Return the parameters. Constants come last, because their strings may name the others."""
        given = self.task.inputs.parameters
        values: dict[str, Value] = {}
        for name in sorted(given, key=lambda name: given[name].HasField("runtime_value")):
            if given[name].HasField("runtime_value"):
                constant = pb2_value_to_python(given[name].runtime_value.constant)
                value = fill_all(constant, self._answers(values))
            elif given[name].HasField("task_final_status"):
                producer = given[name].task_final_status.producer_task
                failures = self.scope.failures.get(producer)
                value = make_final_status(producer, failures, self.scope.job)
            else:
                value = self._taken(name, given[name])
            if value is not _ABSENT:
                values[name] = self._converted(name, value)
        return values

    def artifacts(self) -> dict[str, Value]:
        """Return the artifacts."""
        given = self.task.inputs.artifacts
        declared = self.component.input_definitions.artifacts
        values = {}
        for name in given:
            is_optional = name in declared and declared[name].is_optional
            if given[name].HasField("task_output_artifact"):
                output = given[name].task_output_artifact
                source = (output.producer_task, output.output_artifact_key)
                values[name] = self._output(name, *source, is_optional=is_optional)
            else:
                key = given[name].component_input_artifact
                values[name] = self._input(name, key, is_optional=is_optional)
        return {name: value for name, value in values.items() if value is not _ABSENT}

    def _taken(self, name: str, given: TaskParameterSpec) -> Value:
        """Return the value of a parameter from the enclosing graph or from another task."""
        declared = self.component.input_definitions.parameters
        is_optional = name in declared and declared[name].is_optional
        if given.HasField("task_output_parameter"):
            output = given.task_output_parameter
            source = (output.producer_task, output.output_parameter_key)
            value = self._output(name, *source, is_optional=is_optional)
        else:
            key = given.component_input_parameter
            value = self._input(name, key, is_optional=is_optional)
        if value is _ABSENT or not given.parameter_expression_selector:
            return value
        return select(value, given.parameter_expression_selector)

    def _input(self, name: str, key: str, *, is_optional: bool) -> Value:
        if key not in self.scope.inputs:
            if is_optional:
                return _ABSENT
            raise UndefinedInputError(task=self.name, name=_plain(name), source=_plain(key))
        value = self.scope.inputs[key]
        if value is not None:
            return value
        if is_optional:
            return _ABSENT
        raise MissingValueError(task=self.name, name=_plain(key))

    def _output(self, name: str, task: str, key: str, *, is_optional: bool) -> Value:
        if self.scope.has_output(task, key):
            return self.scope.outputs[task][key]
        if is_optional:
            return _ABSENT
        cause = f"the task `{task}` did not produce it"
        raise MissingOutputError(name=_plain(name), cause=cause)

    def _answers(self, values: Mapping[str, Value]) -> Answers:
        texts = {
            f"inputs.parameters['{name}']": functools.partial(as_text, value)
            for name, value in values.items()
        }
        return {**self.scope.job.answers((*self.scope.path, self.name)), **texts}

    def _converted(self, name: str, value: Value) -> Value:
        declared = self.component.input_definitions.parameters
        if name not in declared:
            return normalise_value(value)
        try:
            converted = convert(value, declared[name].parameter_type)
        except ValueError as error:
            message = f"`{_plain(name)}`: {error}"
            raise ValueError(message) from error
        allowed = allowed_values(declared[name])
        if allowed and converted not in allowed:
            listed = ", ".join(map(repr, allowed))
            message = f"`{name}`: the declaration allows {listed}, but the value is {converted!r}"
            raise ValueError(message)
        return converted


@contextlib.contextmanager
def _reading(task: str) -> Iterator[None]:
    """Turn an invalid value into a failure of the task."""
    try:
        yield
    except ValueError as error:
        cause = str(error).removesuffix(".")
        raise TaskValuesError(task=task, values="inputs", cause=cause) from error


def _plain(name: str) -> str:
    return name.removeprefix(_INJECTED)
