"""Finds the artifacts in a value, and their paths on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kfp import dsl

from kfpkit.specification.message_types import Artifact, Value

_REPORTS = {"system.HTML": ".html", "system.Markdown": ".md"}


def artifacts_in(value: Value) -> list[Artifact]:
    """Return the artifacts in an input or output.

    Args:
        value: An artifact, a list of artifacts, or a parameter's value.

    Returns:
        The artifacts. Empty for a parameter.
    """
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dsl.Artifact)]


def make_artifact(described: Mapping[str, Value]) -> Artifact:
    """Create KFP's artifact from its description.

    Args:
        described: A `RuntimeArtifact`, as JSON has it.
    """
    # Compiling makes none, and should not wait for the import.
    from kfp.dsl.executor import create_artifact_instance  # noqa: PLC0415

    return create_artifact_instance(dict(described))


def local_path(artifact: Artifact) -> Path | None:
    """Return the path of an artifact on this machine, whether or not it exists.

    Args:
        artifact: A KFP artifact.

    Returns:
        The path. None for an artifact with a remote address, or without one.
    """
    uri = artifact.uri
    return Path(uri) if uri and "://" not in uri else None


def report_suffix(artifact: Artifact) -> str:
    """Return the suffix by which a browser recognizes a report. Empty for anything else.

    Args:
        artifact: A KFP artifact. It is a report only if it has content on this machine.
    """
    path = local_path(artifact)
    has_content = path is not None and path.is_file() and path.stat().st_size > 0
    return _REPORTS.get(artifact.schema_title, "") if has_content else ""
