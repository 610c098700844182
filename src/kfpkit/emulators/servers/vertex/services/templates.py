"""Compiled pipelines that jobs name by `template_uri`, from the emulator's Artifact Registry."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..jobs import Settings
from ..names import split_name
from ..refusals import RefusedError, invalid
from .artifact_registry import ArtifactRegistry
from .pipeline_files import parse_address

_PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Template:
    """A compiled pipeline of a repository.

    Args:
        version: Its version, `sha256:…`.
        content: The content as JSON.
    """

    version: str
    content: Mapping[str, Any]


class Templates:
    """Loads compiled pipelines."""

    def __init__(self, registry: ArtifactRegistry, settings: Settings) -> None:
        """Load from the `registry`, and read YAML with the Python of the `settings`."""
        self._registry = registry
        self._settings = settings

    def load(self, uri: str) -> Template:
        """Return a compiled pipeline.

        Args:
            uri: Its address, with its version or a tag.

        Raises:
            RefusedError: The address is not one of Artifact Registry, or it has no such pipeline.
        """
        found = parse_address(uri)
        if found is None:
            raise invalid(
                f"Invalid `template_uri`: `{uri}`. Templates are loaded from Artifact Registry "
                "only: https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY/PACKAGE/VERSION."
            )
        name = self._registry.find_version(*found)
        content = self._registry.download(*found)
        return Template(version=split_name(name)[1], content=self._read(uri, content))

    def find_version(self, uri: str) -> str:
        """Return the version that an address means. Empty if it doesn't tell."""
        _, version, digest = uri.rpartition("sha256:")
        if version:
            return f"{version}{digest}"
        found = parse_address(uri)
        try:
            return split_name(self._registry.find_version(*found))[1] if found else ""
        except RefusedError:  # the client has it from a repository that the emulator hasn't
            return ""

    def _read(self, uri: str, content: bytes) -> dict[str, Any]:
        try:
            done = subprocess.run(
                self._settings.reader,
                input=content,
                cwd=self._settings.project,
                env=dict(self._settings.variables),
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RefusedError("INTERNAL", f"The template {uri} cannot be read: {error}") from error
        if done.returncode:
            cause = (done.stderr.decode(errors="replace").splitlines() or ["?"])[-1]
            raise invalid(f"Invalid template {uri}: {cause}.")
        values: dict[str, Any] = json.loads(done.stdout)
        return values
