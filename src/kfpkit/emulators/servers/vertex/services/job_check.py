"""Checks of a new pipeline job, as the service itself makes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ..google_messages import print_message
from ..refusals import invalid

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,127}")
_TYPES: Mapping[str, Any] = {
    "STRING": (str,),
    "NUMBER_INTEGER": (int, float),
    "NUMBER_DOUBLE": (int, float),
    "BOOLEAN": (bool,),
    "LIST": (list,),
    "STRUCT": (dict,),
}


def check_job(job: Any, spec: Mapping[str, Any]) -> None:
    """Require a job that can run.

    Args:
        job: The job, as the client has sent it.
        spec: Its compiled pipeline, as JSON.

    Raises:
        RefusedError: Something is missing or wrong.
    """
    _check_specification(spec)
    _check_labels(job.labels)
    root = job.runtime_config.gcs_output_directory
    if not root.startswith("gs://") or not root.removeprefix("gs://").strip("/"):
        raise invalid(
            f"Invalid `runtime_config.gcs_output_directory`: `{root}`. Use gs://BUCKET/PATH."
        )
    _check_parameters(_read_values(job), _list_declared(spec))


def _check_specification(spec: Mapping[str, Any]) -> None:
    if not spec:
        raise invalid("`pipeline_spec` or `template_uri` is required.")
    name = spec.get("pipelineInfo", {}).get("name", "")
    if not _NAME.fullmatch(str(name)):
        raise invalid(f"Invalid pipeline name: `{name}`. It must match {_NAME.pattern}.")
    if not spec.get("root", {}).get("dag", {}).get("tasks"):
        raise invalid("The pipeline has no tasks.")
    version = str(spec.get("schemaVersion", ""))
    if version not in {"2.1.0", "2.0.0"}:
        raise invalid(f"Invalid `schemaVersion`: `{version}`. Supported: 2.0.0, 2.1.0.")


def _check_labels(labels: Mapping[str, str]) -> None:
    if len(labels) > 64:  # noqa: PLR2004 - the service's limit
        raise invalid("Too many labels: at most 64.")
    for key, value in labels.items():
        for text in (key, value):
            if len(text) > 63 or text != text.lower() or not re.fullmatch(r"[\w-]*", text):  # noqa: PLR2004 - as above
                raise invalid(
                    f"Invalid label `{key}: {value}`. Use at most 63 lower-case letters, digits, "
                    "underscores and hyphens."
                )


def _list_declared(spec: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    declared: Mapping[str, Mapping[str, Any]] = (
        spec["root"].get("inputDefinitions", {}).get("parameters", {})
    )
    return declared


def _read_values(job: Any) -> dict[str, Any]:
    config = print_message(job.runtime_config)
    values: dict[str, Any] = dict(config.get("parameterValues", {}))
    for name, value in config.get("parameters", {}).items():
        kind, text = next(iter(value.items()))
        values[name] = int(text) if kind == "intValue" else text
    return values


def _check_parameters(values: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> None:
    for name in values:
        if name not in declared:
            raise invalid(
                f"The pipeline parameter {name} is not found in the pipeline job input definitions."
            )
    for name, definition in declared.items():
        is_optional = definition.get("isOptional") or "defaultValue" in definition
        if name not in values and not is_optional:
            raise invalid(f"The pipeline parameter {name} is required, and has no value.")
    for name, value in values.items():
        kind = str(declared[name].get("parameterType", ""))
        if not _fits(value, kind):
            raise invalid(
                f"The pipeline parameter {name} has the type {kind}, and not the value {value!r}."
            )


def _fits(value: Any, kind: str) -> bool:
    if kind not in _TYPES:  # such as the final status of a task
        return True
    if isinstance(value, bool) and kind != "BOOLEAN":
        return False
    if not isinstance(value, _TYPES[kind]):
        return False
    if kind == "NUMBER_INTEGER":
        return math.isfinite(value) and float(value).is_integer()
    return True


def read_parameters(job: Any, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a job's parameters, with whole numbers where they are declared.

    A `Struct` has numbers with a fraction only, so that 3 arrives as 3.0.
    """
    declared = _list_declared(spec)
    values = _read_values(job)
    return {
        name: int(value) if declared[name].get("parameterType") == "NUMBER_INTEGER" else value
        for name, value in values.items()
    }
