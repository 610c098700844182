"""Which of Google's methods are served, for the reference and its test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .served import list_known, select_served
from .services.artifact_registry import ArtifactRegistry
from .services.metadata import Metadata
from .services.models import Models
from .services.operations import Operations
from .services.pipelines import Pipelines
from .services.resource_manager import ResourceManager


@dataclass(frozen=True, kw_only=True)
class Row:
    """A method.

    Args:
        service: Its service.
        name: Its name.
        verb: The HTTP verb.
        uri: The path over HTTP.
        is_served: Whether the emulator serves it.
        has_rpc: Whether it has a path over gRPC, too.
    """

    service: str
    name: str
    verb: str
    uri: str
    is_served: bool
    has_rpc: bool = True


_FILES = "kfp.pkg.dev"
_PLAIN = (
    ("google.logging.v2.LoggingServiceV2", "ListLogEntries", "POST", "/v2/entries:list"),
    (_FILES, "Upload", "POST", "https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY"),
    (_FILES, "Download", "GET", "https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY/PACKAGE/VERSION"),
)


def list_rows() -> list[Row]:
    """Return all methods that the emulator knows, by service and name."""
    nothing: Any = None
    services = [
        Operations(nothing, nothing),
        ArtifactRegistry(nothing, nothing, nothing),
        ResourceManager(nothing),
        Pipelines(nothing, nothing, nothing, nothing, nothing),
        Models(nothing, nothing, nothing),
        Metadata(nothing, nothing, nothing),
    ]
    served = {each.method.name for each in select_served(services)[0]}
    rows = {
        (method.service, method.name): Row(
            service=method.service,
            name=method.name,
            verb=method.verb,
            uri=method.uri,
            is_served=method.name in served,
        )
        for method in reversed(list_known())
    }
    plain = [
        Row(service=service, name=name, verb=verb, uri=uri, is_served=True, has_rpc=False)
        for service, name, verb, uri in _PLAIN
    ]
    return [*(rows[key] for key in sorted(rows)), *plain]
