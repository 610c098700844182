"""Checks values for parameters against the pipeline's declaration."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kfpkit.configuration.given import GivenValue, Origin
from kfpkit.configuration.references import read_reference, show_value
from kfpkit.errors import ConfigurationFault
from kfpkit.place import Place
from kfpkit.specification import ParameterSpec, ParameterType, PipelineSpec, find_loss
from kfpkit.specification.execution import WORDS, allowed_values, fits
from kfpkit.wording import find_nearest, quote_all


@dataclass(kw_only=True)
class Checked:
    """Values that have been checked.

    Args:
        values: The strongest value of each parameter that has one.
        origins: Where each of them comes from.
        faulty: The parameters that have a value with a fault.
        faults: The faults.
    """

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    faults: list[ConfigurationFault] = field(default_factory=list)


def check_parameters(
    values: Iterable[GivenValue], spec: PipelineSpec, faulty: Iterable[GivenValue] = ()
) -> Checked:
    """Check values against the parameters that a pipeline declares.

    Every value is checked, also one that another overrides.

    Args:
        values: The values. Later ones take precedence. Strings of options and variables are read by
            the declared type, lists and mappings as JSON.
        spec: The pipeline's specification.
        faulty: Values that couldn't be read; only their names are checked.
    """
    declared = dict(spec.root.input_definitions.parameters)
    checked = Checked()
    for each in faulty:
        checked.faulty.add(each.name)
        if each.name not in declared:
            _refuse(checked, each, _explain_unknown(each, declared))
    for each in values:
        value = _spell(each, declared)
        if value.name not in declared:
            _refuse(checked, value, _explain_unknown(value, declared))
            continue
        _check_value(checked, value, declared[value.name])
    return checked


def _spell(given: GivenValue, declared: Mapping[str, Any]) -> GivenValue:
    """Return a variable's value with the name as the pipeline declares it."""
    if not given.is_variable or given.name in declared:
        return given
    meant = [name for name in declared if name.upper() == given.name.upper()]
    return replace(given, name=meant[0]) if len(meant) == 1 else given


def _check_value(checked: Checked, given: GivenValue, parameter: ParameterSpec) -> None:
    try:
        value = _read(given, parameter.parameter_type)
    except ValueError as error:
        _refuse(checked, given, f"`{given.name}` {error}")
        return
    problem = _find_misfit(given.name, value, parameter)
    if problem is not None:
        _refuse(checked, given, f"`{given.name}` {problem}")
        return
    checked.faulty.discard(given.name)
    checked.values[given.name] = value
    checked.origins[given.name] = given.origin


def _refuse(checked: Checked, given: GivenValue, problem: str) -> None:
    where = given.origin.place or str(given.origin)
    checked.faulty.add(given.name)
    checked.faults.append(
        ConfigurationFault(where=where, problem=problem, key=("parameters", given.name))
    )


def find_missing(
    checked: Checked,
    spec: PipelineSpec,
    place: Place | None = None,
    artifacts: Collection[str] = (),
) -> Iterator[ConfigurationFault]:
    """Find the inputs that need a value and have none.

    Args:
        checked: The values that have been checked.
        spec: The pipeline's specification.
        place: The place to add a missing value. By default, the pipeline.
        artifacts: The names of the artifacts that are given.
    """
    where = place or f"the pipeline `{spec.pipeline_info.name}`"
    inputs = spec.root.input_definitions
    for name, parameter in inputs.parameters.items():
        is_given = name in checked.values or name in checked.faulty
        if not (is_given or parameter.is_optional or parameter.HasField("default_value")):
            word = WORDS.get(parameter.parameter_type, "a value")
            yield ConfigurationFault(
                where=where, problem=f"`{name}` is missing: the pipeline needs {word}", key=(name,)
            )
    for name, artifact in inputs.artifacts.items():
        if not artifact.is_optional and name not in artifacts:
            problem = (
                f"`{name}` is an artifact and cannot be passed to a run; import it with "
                "`dsl.importer`"
            )
            yield ConfigurationFault(where=where, problem=problem, key=(name,))


def _explain_unknown(given: GivenValue, declared: Mapping[str, Any]) -> str:
    name = given.name.lower() if given.is_variable else given.name
    near = find_nearest(name, declared)
    advice = f"did you mean `{near}`?" if near else f"it has {quote_all(declared)}"
    unset = "; or unset the variable" if given.is_variable else ""
    return f"`{given.name}` is not a parameter of the pipeline; {advice}{unset}"


def _read(given: GivenValue, kind: int) -> Any:
    """Return a value by the declared type.

    Raises:
        ValueError: It sets a key twice, or refers to a secret in a wrong way.
    """
    if given.is_text:
        return _read_text(given.value, kind)
    reference = read_reference(given.value)
    if reference is None or kind == ParameterType.STRUCT:
        return given.value
    if kind != ParameterType.STRING:
        raise ValueError("refers to a secret, which only a parameter of the type `str` can do")
    return reference


def _read_text(text: str, kind: int) -> Any:
    """Parse a string by a type. A string that doesn't parse is returned unchanged."""
    if kind == ParameterType.STRING:
        return text
    try:
        return json.loads(
            text.lower() if kind == ParameterType.BOOLEAN else text, object_pairs_hook=_make_mapping
        )
    except json.JSONDecodeError:
        return text


def _make_mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"sets `{twice}` twice; remove one of the two")
    return dict(pairs)


def _find_misfit(name: str, value: Any, parameter: ParameterSpec) -> str | None:
    kind = parameter.parameter_type
    if value is None and parameter.is_optional:
        return None
    loss = find_loss(value)
    if loss is not None:
        return f"cannot be passed on: {loss}"
    if kind in WORDS and not fits(value, kind):
        return f"is {show_value(name, value)}; the pipeline needs {WORDS[kind]}"
    allowed = allowed_values(parameter)
    if allowed and value not in allowed:
        listed = ", ".join(map(repr, allowed))
        return f"is {show_value(name, value)}; the pipeline takes {listed}"
    return None
