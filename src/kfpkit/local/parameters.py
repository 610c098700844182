"""Checks a run's parameters against the pipeline's declaration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kfpkit.errors import PipelineParametersError
from kfpkit.specification import ParameterSpec, ParameterType, PipelineSpec, find_loss
from kfpkit.specification.execution import WORDS, allowed_values, fits
from kfpkit.wording import find_nearest, quote_all


def read_pipeline_arguments(
    spec: PipelineSpec, given: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the values for a pipeline's parameters, checked.

    Args:
        spec: The pipeline's specification.
        given: Values by name, as in a configuration file.
        texts: Values by name, as strings from the command line. They take precedence, and are
            parsed by the declared type (lists and mappings as JSON).

    Returns:
        The values by name, without parameters that keep their default.

    Raises:
        PipelineParametersError: A name is unknown, a value doesn't fit, or a required parameter is
            missing.
    """
    inputs = spec.root.input_definitions
    declared = dict(inputs.parameters)
    values = {**given, **texts}
    problems = [_explain_unknown(name, declared) for name in values if name not in declared]
    problems += [
        f"`{name}` is missing: the pipeline needs {WORDS.get(parameter.parameter_type, 'a value')}"
        for name, parameter in declared.items()
        if name not in values
        and not parameter.is_optional
        and not parameter.HasField("default_value")
    ]
    problems += [
        f"`{name}` is an artifact and cannot be passed to a run; import it with `dsl.importer`"
        for name, artifact in inputs.artifacts.items()
        if not artifact.is_optional
    ]
    arguments = {}
    for name, value in values.items():
        if name in declared:
            kind = declared[name].parameter_type
            arguments[name] = _read(value, kind) if name in texts else value
            problems += _find_misfit(name, arguments[name], declared[name])
    if problems:
        raise PipelineParametersError(pipeline=spec.pipeline_info.name, problems=problems)
    return arguments


def _explain_unknown(name: str, declared: Mapping[str, Any]) -> str:
    near = find_nearest(name, declared)
    advice = f"did you mean `{near}`?" if near else f"it has {quote_all(declared)}"
    return f"`{name}` is not a parameter of the pipeline; {advice}"


def _read(text: str, kind: int) -> Any:
    """Parse a value from the command line. A string that doesn't parse is returned unchanged."""
    if kind == ParameterType.STRING:
        return text
    try:
        return json.loads(text.lower() if kind == ParameterType.BOOLEAN else text)
    except json.JSONDecodeError:
        return text


def _find_misfit(name: str, value: Any, parameter: ParameterSpec) -> list[str]:
    kind = parameter.parameter_type
    if value is None and parameter.is_optional:
        return []
    loss = find_loss(value)
    if loss is not None:
        return [f"`{name}` cannot be passed on: {loss}"]
    if kind in WORDS and not fits(value, kind):
        return [f"`{name}` is {value!r}; the pipeline needs {WORDS[kind]}"]
    allowed = allowed_values(parameter)
    if allowed and value not in allowed:
        listed = ", ".join(map(repr, allowed))
        return [f"`{name}` is {value!r}; the pipeline takes {listed}"]
    return []
