"""Artifacts, as tests pass them to components and get them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kfpkit.errors import RemoteArtifactError


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """An input or output artifact of a component.

    Args:
        uri: Its address: a path on this machine, unless a component wrote something else.
        metadata: Its metadata.
    """

    uri: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The path of its file or folder on this machine.

        Raises:
            RemoteArtifactError: It isn't on this machine.
        """
        if "://" in self.uri:
            raise RemoteArtifactError(uri=self.uri)
        return Path(self.uri)

    @classmethod
    def of(cls, value: object) -> Artifact | None:
        """Convert a test's value to an artifact.

        Args:
            value: An `Artifact`, the path of a file or folder, or an artifact of `kfp.dsl`.

        Returns:
            The artifact. None for any other value.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, Path):
            return cls(uri=str(value.absolute()))
        uri, metadata = getattr(value, "uri", None), getattr(value, "metadata", None)
        if isinstance(uri, str) and isinstance(metadata, Mapping):
            return cls(uri=uri, metadata=metadata)
        return None
