"""The parameters and artifacts of a task, as its message tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from kfpkit.runs.record import Artifact, Output
from kfpkit.specification.execution import normalise_value

_INJECTED = "pipelinechannel--"  # inputs that KFP's compiler adds for strings and conditions


def read_values(
    detail: Mapping[str, Any], side: Literal["input", "output"], component: Mapping[str, Any]
) -> dict[str, Output]:
    """Read a task's inputs or outputs.

    Args:
        detail: The `PipelineTaskDetail`, as in JSON.
        side: Which of them.
        component: The task's component in the compiled pipeline.

    Returns:
        The values by name, without those that the service doesn't tell.
    """
    # Vertex AI has the values of parameters in the metadata of the task's execution.
    metadata = detail.get("execution", {}).get("metadata", {})
    prefix = f"{side}:"
    declared = component.get(f"{side}Definitions", {}).get("artifacts", {})
    found = {
        name.removeprefix(prefix): Output(value=normalise_value(value))
        for name, value in metadata.items()
        if name.startswith(prefix)
    }
    for name, value in detail.get(f"{side}s", {}).items():
        is_list = bool(declared.get(name, {}).get("isArtifactList"))
        found[name] = _make_output(value.get("artifacts", []), is_list=is_list)
    return {name: found[name] for name in sorted(found) if not name.startswith(_INJECTED)}


def _make_output(artifacts: Sequence[Mapping[str, Any]], *, is_list: bool) -> Output:
    described = tuple(_describe(artifact) for artifact in artifacts)
    if is_list or len(described) != 1:
        return Output(artifacts=described)
    return Output(artifact=described[0])


def _describe(artifact: Mapping[str, Any]) -> Artifact:
    metadata = normalise_value(artifact.get("metadata", {}))
    return Artifact(
        name=artifact.get("name") or None,
        type=artifact.get("schemaTitle") or None,
        uri=artifact.get("uri") or None,
        metadata=metadata if isinstance(metadata, dict) else {},
    )
