"""The artifacts that a job gets as inputs of its pipeline, from the metadata store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..google_messages import print_message
from ..jobs.details import find_store
from ..refusals import invalid, missing, not_emulated
from ..store import Store


def read_artifacts(job: Any, spec: Mapping[str, Any], store: Store) -> dict[str, dict[str, Any]]:
    """Return the artifacts of a job by input, as KFP describes them.

    Args:
        job: The job, whose name has the location of the metadata store.
        spec: Its compiled pipeline, as JSON.
        store: The state, with the artifacts.

    Raises:
        RefusedError: An artifact is missing, or not an input of the pipeline.
    """
    declared = spec["root"].get("inputDefinitions", {}).get("artifacts", {})
    given = job.runtime_config.input_artifacts
    for name in given:
        if name not in declared:
            raise invalid(
                f"The pipeline artifact {name} is not found in the pipeline job input definitions."
            )
    for name, definition in declared.items():
        if definition.get("isArtifactList"):
            advice = "A job names one artifact for each input."
            raise not_emulated("lists of artifacts as inputs of a pipeline", advice)
        if name not in given and not definition.get("isOptional"):
            raise invalid(f"The pipeline artifact {name} is required, and has no value.")
    return {name: _read(job, each.artifact_id, store) for name, each in given.items()}


def _read(job: Any, artifact: str, store: Store) -> dict[str, Any]:
    """Return an artifact. A job names it by the last part of its name."""
    if not artifact or "/" in artifact:
        raise invalid(
            f"Invalid `artifact_id`: `{artifact}`. Use the last part of the artifact's name."
        )
    name = f"{find_store(job.name)}/artifacts/{artifact}"
    found = store.read("Artifact", name)
    if found is None:
        raise missing("Artifact", name)
    values = print_message(found)
    return {
        "name": name,
        "uri": values.get("uri", ""),
        "metadata": values.get("metadata", {}),
        "type": {"schemaTitle": values.get("schemaTitle") or "system.Artifact"},
    }
