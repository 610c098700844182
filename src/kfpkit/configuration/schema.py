"""The JSON Schema of a pipeline's configuration files, for editors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from kfpkit.configuration.model import Configuration
from kfpkit.configuration.parameter_model import ParameterModel
from kfpkit.configuration.references import PATTERN
from kfpkit.specification import LARGEST_INTEGER, ParameterSpec, ParameterType, PipelineSpec
from kfpkit.specification.execution import allowed_values, resolve_graph_inputs

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Mapping[int, dict[str, Any]] = {
    ParameterType.NUMBER_INTEGER: {
        "type": "integer",
        "minimum": -LARGEST_INTEGER,
        "maximum": LARGEST_INTEGER,
    },
    ParameterType.NUMBER_DOUBLE: {"type": "number"},
    ParameterType.STRING: {"type": "string"},
    ParameterType.BOOLEAN: {"type": "boolean"},
    ParameterType.LIST: {"type": "array"},
    ParameterType.STRUCT: {"type": "object"},
}
_SECRET = {
    "type": "object",
    "properties": {"secret": {"type": "string", "pattern": f"^{PATTERN}$"}},
    "required": ["secret"],
    "additionalProperties": False,
    "description": "A secret in Secret Manager. The pipeline gets its name, not its value.",
}
_ABOUT = ("title", "default", "description")


def make_schema(spec: PipelineSpec, model: ParameterModel | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a pipeline's configuration files.

    Args:
        spec: The pipeline's specification.
        model: The model of its parameters, whose rules are merged in.
    """
    schema = Configuration.model_json_schema()
    for key, meaning in read_meanings().items():
        schema["properties"][key] = _describe(schema["properties"][key], meaning)
    rules = model.model.model_json_schema() if model else {}
    parameters = _make_parameters(spec, rules.get("properties", {}))
    about = schema["properties"]["parameters"]["description"]
    schema["properties"]["parameters"] = {"description": about, **parameters}
    name = spec.pipeline_info.name
    return {
        "$schema": _DIALECT,
        **schema,
        "title": f"The configuration of the pipeline `{name}`",
        "description": spec.pipeline_info.description or schema["description"],
        "$defs": {**rules.get("$defs", {}), "secret": _SECRET},
    }


def read_meanings() -> dict[str, str]:
    """Return what each key of a configuration file means."""
    arguments = (inspect.getdoc(Configuration) or "").partition("\n\nArgs:\n")[2]
    found = re.findall(r"^    (\w+): (.+(?:\n     .+)*)", arguments, re.MULTILINE)
    return {name: " ".join(meaning.split()) for name, meaning in found}


def _describe(schema: Mapping[str, Any], meaning: str) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key not in {"title", "applies"}}
    runs = "" if schema.get("applies") is None else " For runs on this machine."
    return {"description": f"{meaning}{runs}", **kept}


def _make_parameters(spec: PipelineSpec, rules: Mapping[str, Any]) -> dict[str, Any]:
    declared = spec.root.input_definitions.parameters
    defaults = resolve_graph_inputs({}, spec.root)
    return {
        "type": ["object", "null"],
        "properties": {
            name: _make_parameter(
                declared[name],
                rules.get(name, {}),
                {"default": defaults[name]} if name in defaults else {},
            )
            for name in sorted(declared)
        },
        "additionalProperties": False,
    }


def _make_parameter(
    parameter: ParameterSpec, rule: Mapping[str, Any], default: Mapping[str, Any]
) -> dict[str, Any]:
    kind = parameter.parameter_type
    own = dict(_TYPES.get(kind, {}))
    allowed = allowed_values(parameter)
    if allowed:
        own["enum"] = allowed
    own = _merge(own, {key: value for key, value in rule.items() if key not in _ABOUT})
    choices = [own]
    if kind == ParameterType.STRING:
        choices.append({"$ref": "#/$defs/secret"})
    if parameter.is_optional:
        choices.append({"type": "null"})
    description = parameter.description or rule.get("description")
    return {
        **({"description": description} if description else {}),
        **default,
        **(choices[0] if len(choices) == 1 else {"anyOf": choices}),
    }


def _merge(own: dict[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """Add a model's rule for a parameter, unless it is about another type."""
    kinds = {own.get("type"), "integer" if own.get("type") == "number" else None}
    if not rule or ("type" in rule and rule["type"] not in kinds):
        return own
    if own.keys() & rule.keys() <= {"type"}:
        return {**rule, **own}
    return {**own, "allOf": [dict(rule)]}
