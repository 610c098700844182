"""The output of a component's process: its output parameters and artifacts."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypedDict, cast

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.errors import UnwrittenOutputError
from kfpkit.specification.artifacts import make_artifact
from kfpkit.specification.execution.conversion import from_text, normalise_value
from kfpkit.specification.execution.executor_input import DescribedArtifact, ExecutorInput
from kfpkit.specification.message_types import Artifact, ComponentSpec, Value
from kfpkit.specification.values import find_loss

_DOUBLE = pipeline_spec_pb2.ParameterType.NUMBER_DOUBLE
_MISSING = object()


class _WrittenArtifact(TypedDict, total=False):
    name: str
    uri: str
    metadata: dict[str, Value]


class _WrittenArtifacts(TypedDict, total=False):
    artifacts: list[_WrittenArtifact]


class _Written(TypedDict, total=False):
    """KFP's `ExecutorOutput`, as JSON."""

    parameterValues: dict[str, Value]
    artifacts: dict[str, _WrittenArtifacts]


def read_executor_output(
    component: ComponentSpec, executor_input: ExecutorInput, *, task: str
) -> dict[str, Value]:
    """Return the outputs of a component.

    Args:
        component: The `ComponentSpec`.
        executor_input: Its input.
        task: The task's name, for errors.

    Returns:
        Its output parameters and artifacts by name. As in a cluster, an artifact exists even if
        nothing was written to its path.

    Raises:
        UnwrittenOutputError: An output parameter was not written.
        ValueError: An output doesn't match the component's declaration.
        json_format.Error: It isn't a valid `ExecutorOutput`.
        OSError: It can't be read.
    """
    outputs = executor_input["outputs"]
    written = _read(Path(outputs["outputFile"]))
    values: dict[str, Value] = {}
    for name, parameter in component.output_definitions.parameters.items():
        with _naming(name):
            values[name] = _read_parameter(
                written.get("parameterValues", {}),
                name,
                parameter.parameter_type,
                file=Path(outputs["parameters"][name]["outputFile"]),
            )
    if any(value is _MISSING for value in values.values()):
        names = [name for name, value in values.items() if value is _MISSING]
        raise UnwrittenOutputError(task=task, names=names)
    for name, described in outputs["artifacts"].items():
        with _naming(name):
            listed = (
                written.get("artifacts", {}).get(name, _WrittenArtifacts()).get("artifacts", [])
            )
            values[name] = _read_artifact(described["artifacts"][0], *listed[:1])
    return values


def _read(file: Path) -> _Written:
    """Read KFP's `ExecutorOutput`. Its message checks the structure, but would round integers."""
    if not file.is_file():
        return _Written()
    text = file.read_text(encoding="utf-8")
    json_format.Parse(text, pipeline_spec_pb2.ExecutorOutput())
    written = json.loads(text)
    if not isinstance(written, dict):
        message = f"{file.name} holds {text!r}"
        raise ValueError(message)  # noqa: TRY004 - a value of the task's
    return cast(_Written, written)


def _read_parameter(written: Mapping[str, Value], name: str, kind: int, *, file: Path) -> Value:
    if name in written:
        value = written[name]
    elif file.is_file():
        value = from_text(file.read_text(encoding="utf-8"), kind)
    else:
        return _MISSING
    loss = find_loss(value)
    if loss is not None:
        raise ValueError(loss)
    if kind != _DOUBLE:
        return normalise_value(value)
    if not isinstance(value, (int, float, str)):
        message = f"{value!r} is not a number"
        raise ValueError(message)  # noqa: TRY004 - a value of the task's
    return float(value)


def _read_artifact(
    described: DescribedArtifact, written: _WrittenArtifact | None = None
) -> Artifact:
    """Return an output artifact, with the metadata that the component wrote."""
    said = written or _WrittenArtifact()
    metadata = said.get("metadata") or {}
    loss = find_loss(metadata)
    if loss is not None:
        raise ValueError(loss)
    return make_artifact(
        {
            "name": said.get("name") or described["name"],
            "uri": said.get("uri") or described["uri"],
            "metadata": normalise_value({**described["metadata"], **metadata}),
            "type": described["type"],
        }
    )


@contextlib.contextmanager
def _naming(output: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        message = f"`{output}`: {error}"
        raise ValueError(message) from error
