"""The input of a component's process: KFP's `ExecutorInput`, as JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict, cast

from kfpkit.specification.artifacts import artifacts_in
from kfpkit.specification.execution.conversion import as_text, normalise_value
from kfpkit.specification.execution.templates import Answers
from kfpkit.specification.message_types import Artifact, ArtifactTypeSchema, ComponentSpec, Value

_OUTPUT_FILE = "executor_output.json"


class DescribedArtifact(TypedDict):
    """KFP's `RuntimeArtifact`."""

    name: str
    uri: str
    type: dict[str, str]
    metadata: dict[str, Value]


class DescribedArtifacts(TypedDict):
    """KFP's `ArtifactList`."""

    artifacts: list[DescribedArtifact]


class OutputParameter(TypedDict):
    """The path of an output parameter."""

    outputFile: str


class Inputs(TypedDict):
    """The inputs of a component."""

    parameterValues: dict[str, Value]
    artifacts: dict[str, DescribedArtifacts]


class Outputs(TypedDict):
    """The outputs of a component, with their paths."""

    parameters: dict[str, OutputParameter]
    artifacts: dict[str, DescribedArtifacts]
    outputFile: str


class ExecutorInput(TypedDict):
    """KFP's `ExecutorInput`, as JSON."""

    inputs: Inputs
    outputs: Outputs


def make_executor_input(
    component: ComponentSpec, values: Mapping[str, Value], root: Path
) -> ExecutorInput:
    """Create the executor input of a component.

    Args:
        component: The `ComponentSpec`.
        values: Its inputs by name, including defaults.
        root: The folder for its outputs.

    Returns:
        The message as JSON.
    """
    are_artifacts = component.input_definitions.artifacts
    inputs: Inputs = {
        "parameterValues": {
            name: normalise_value(value)
            for name, value in values.items()
            if name not in are_artifacts
        },
        "artifacts": {
            name: {"artifacts": [_describe(each) for each in artifacts_in(values[name])]}
            for name in are_artifacts
            if values.get(name) is not None
        },
    }
    declared = component.output_definitions
    outputs: Outputs = {
        "parameters": {name: {"outputFile": str(root / name)} for name in declared.parameters},
        "artifacts": {
            name: {
                "artifacts": [
                    {
                        "name": name,
                        "uri": str(root / name),
                        "type": _type(declared.artifacts[name].artifact_type),
                        "metadata": {},
                    }
                ]
            }
            for name in declared.artifacts
        },
        "outputFile": str(root / _OUTPUT_FILE),
    }
    return {"inputs": inputs, "outputs": outputs}


def make_executor_answers(executor_input: ExecutorInput) -> Answers:
    """Return the placeholders for inputs and outputs in a command, with their values.

    Args:
        executor_input: The executor input.
    """
    inputs, outputs = executor_input["inputs"], executor_input["outputs"]
    answers: dict[str, Callable[[], str]] = {
        "": lambda: json.dumps(executor_input),
        "outputs.output_file": lambda: str(outputs["outputFile"]),
        "outputMetadataUri": lambda: str(outputs["outputFile"]),
    }
    for name, value in inputs["parameterValues"].items():
        answers[f"inputs.parameters['{name}']"] = functools.partial(as_text, value)
    for name, parameter in outputs["parameters"].items():
        file = parameter["outputFile"]
        answers[f"outputs.parameters['{name}'].output_file"] = functools.partial(str, file)
    for side, described in (("inputs", inputs["artifacts"]), ("outputs", outputs["artifacts"])):
        for name, artifacts in described.items():
            for artifact in artifacts["artifacts"][:1]:
                place = f"{side}.artifacts['{name}']"
                # On this machine, an artifact's address is its path.
                texts = {"uri": artifact["uri"], "path": artifact["uri"], "name": artifact["name"]}
                answers |= {f"{place}.{key}": functools.partial(str, texts[key]) for key in texts}
                for key, value in artifact["metadata"].items():
                    answers[f"{place}.metadata['{key}']"] = functools.partial(as_text, value)
    return answers


def _describe(artifact: Artifact) -> DescribedArtifact:
    return {
        "name": artifact.name,
        "uri": artifact.uri,
        "type": {
            "schemaTitle": artifact.schema_title,
            "schemaVersion": artifact.schema_version,
        },
        "metadata": cast(dict[str, Value], normalise_value(artifact.metadata)),
    }


def _type(schema: ArtifactTypeSchema) -> dict[str, str]:
    return {"schemaTitle": schema.schema_title, "schemaVersion": schema.schema_version}
