"""Which of Google's methods are served, for the reference and its test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .served import list_known, select_served
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
        is_served: Whether the emulator serves it, over HTTP and gRPC.
    """

    service: str
    name: str
    verb: str
    uri: str
    is_served: bool


def list_rows() -> list[Row]:
    """Return all methods that the emulator knows, by service and name."""
    nothing: Any = None
    services = [
        Operations(nothing, nothing),
        ResourceManager(nothing),
        Pipelines(nothing, nothing, nothing, nothing),
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
    return [rows[key] for key in sorted(rows)]
