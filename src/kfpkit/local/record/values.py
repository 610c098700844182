"""The values of inputs and outputs, in the form of the record."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfpkit.runs.record import Artifact, Output
from kfpkit.specification import artifacts_in, local_path


def describe_output(value: Any, folder: Path) -> Output:
    """Return an output for the record.

    Args:
        value: A parameter's value, an artifact, or a list of artifacts.
        folder: The run's folder. Paths become relative to it.
    """
    artifacts = tuple(describe_artifact(each, folder) for each in artifacts_in(value))
    if isinstance(value, list) and artifacts:
        return Output(artifacts=artifacts)
    return Output(artifact=artifacts[0]) if artifacts else Output(value=describe_value(value))


def describe_artifact(artifact: Any, folder: Path) -> Artifact:
    """Return an artifact for the record.

    Args:
        artifact: A KFP artifact.
        folder: The run's folder. Paths become relative to it.
    """
    path = local_path(artifact)
    return Artifact(
        name=artifact.name or None,
        type=artifact.schema_title,
        uri=artifact.uri or None if path is None else shorten(path, folder),
        metadata=describe_value(artifact.metadata),
    )


def describe_value(value: Any) -> Any:
    """Return a value that JSON can represent.

    Args:
        value: A parameter's value, or an artifact's metadata.
    """
    if isinstance(value, Mapping):
        return {str(key): describe_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [describe_value(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def shorten(path: Path, folder: Path) -> str:
    """Return a path in the form of the record.

    Args:
        path: The absolute path.
        folder: The run's folder.

    Returns:
        A path relative to the run's folder, if it is in this folder or that of another run, so
        that you can move all of them. Otherwise the unchanged path.
    """
    return os.path.relpath(path, folder) if path.is_relative_to(folder.parent) else str(path)
