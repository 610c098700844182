"""Artifacts: which ones a value consists of, and what of them lies on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kfp import dsl

_HTML = "system.HTML"


def artifacts_in(value: Any) -> list[Any]:
    """Return the artifacts that an input or output consists of.

    Args:
        value: An artifact, a list of artifacts, or a parameter's value.

    Returns:
        The artifacts; none for a parameter.
    """
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dsl.Artifact)]


def local_path(artifact: Any) -> Path | None:
    """Return the place of an artifact on this machine, whether or not there is something.

    Args:
        artifact: A KFP artifact.

    Returns:
        The place; None for an artifact that lies behind an address, or nowhere.
    """
    uri = artifact.uri
    return Path(uri) if uri and "://" not in uri else None


def is_page(artifact: Any) -> bool:
    """Say whether an artifact is an HTML file on this machine.

    Args:
        artifact: A KFP artifact.
    """
    path = local_path(artifact)
    return artifact.schema_title == _HTML and path is not None and path.is_file()
