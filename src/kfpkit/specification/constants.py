"""The numbers in a compiled pipeline: constants, defaults, and items of loops."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from google.protobuf import json_format

from kfpkit.specification.message_types import (
    ComponentSpec,
    Constant,
    DagSpec,
    ParameterSpec,
    ParameterType,
    PipelineSpec,
    Value,
)
from kfpkit.specification.values import LARGEST_INTEGER, describe_rounding, find_loss

_INTEGER = ParameterType.NUMBER_INTEGER


@dataclass(frozen=True, kw_only=True)
class DoubtfulNumber:
    """A number in a compiled pipeline that differs, or may differ, from the original.

    Args:
        path: The names of the tasks on the path from the pipeline's root.
        where: Its location there, in words.
        argument: The name of the task's argument or of the pipeline's parameter that contains it.
        problem: The problem, as a sentence without a full stop.
        is_certain: Whether it certainly differs. KFP has already rounded the others.
    """

    path: tuple[str, ...]
    where: str
    argument: str
    problem: str
    is_certain: bool = False


def find_doubtful(spec: PipelineSpec) -> Iterator[DoubtfulNumber]:
    """Yield the numbers of a pipeline that KFP may have rounded or can't represent.

    Args:
        spec: The `PipelineSpec`.
    """
    for name, parameter in sorted(spec.root.input_definitions.parameters.items()):
        where = f"the default of the parameter `{name}`"
        yield from _find_in_parameter((), where, name, parameter)
    yield from _find_in_graph((), spec.root, spec.components)


def _find_in_graph(
    path: tuple[str, ...], graph: DagSpec, components: Mapping[str, ComponentSpec]
) -> Iterator[DoubtfulNumber]:
    for task_name, task in sorted(graph.dag.tasks.items()):
        own = (*path, task_name)
        component = components[task.component_ref.name]
        declared = component.input_definitions.parameters
        for name, parameter in sorted(declared.items()):
            if name not in task.inputs.parameters:
                where = f"the default of the input `{name}`"
                yield from _find_in_parameter(own, where, name, parameter)
        for name, given in sorted(task.inputs.parameters.items()):
            kind = declared[name].parameter_type if name in declared else None
            constant = given.runtime_value.constant
            yield from _find_in_value(own, f"the argument `{name}`", name, constant, kind)
        yield from _find_in_items(own, task.parameter_iterator.items.raw)
        if component.HasField("dag"):
            yield from _find_in_graph(own, component, components)


def _find_in_parameter(
    path: tuple[str, ...], where: str, name: str, parameter: ParameterSpec
) -> Iterator[DoubtfulNumber]:
    yield from _find_in_value(path, where, name, parameter.default_value, parameter.parameter_type)


def _find_in_value(
    path: tuple[str, ...], where: str, name: str, value: Constant, kind: int | None
) -> Iterator[DoubtfulNumber]:
    for number, is_alone in _find_numbers(value):
        if not math.isfinite(number):
            problem, is_certain = str(find_loss(number)), True
        elif abs(number) < LARGEST_INTEGER or (is_alone and kind != _INTEGER):
            continue
        else:
            problem, is_certain = describe_rounding(int(number)), False
        yield DoubtfulNumber(
            path=path, where=where, argument=name, problem=problem, is_certain=is_certain
        )


def _find_in_items(path: tuple[str, ...], raw: str) -> Iterator[DoubtfulNumber]:
    problem = find_loss(json.loads(raw)) if raw else None
    if problem is not None:
        where = "an item of the loop"
        yield DoubtfulNumber(path=path, where=where, argument="", problem=problem, is_certain=True)


def _find_numbers(value: Constant, *, is_alone: bool = True) -> Iterator[tuple[float, bool]]:
    """Yield the numbers in a value, and whether each is the whole value."""
    match value.WhichOneof("kind"):
        case "number_value":
            yield value.number_value, is_alone
        case "list_value":
            for each in value.list_value.values:
                yield from _find_numbers(each, is_alone=False)
        case "struct_value":
            for _, each in sorted(value.struct_value.fields.items()):
                yield from _find_numbers(each, is_alone=False)


def read_constant(constant: Constant) -> Value:
    """Return the value of a constant; whole numbers as `int`, which KFP's messages do not have.

    Args:
        constant: The `Value` message.
    """
    return _make_whole(json_format.MessageToDict(constant))


def _make_whole(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_make_whole(each) for each in value]
    if isinstance(value, dict):
        return {key: _make_whole(each) for key, each in value.items()}
    return value
