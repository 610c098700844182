"""The methods that the emulator serves, for both transports.

A service is a module in `services/` with a class that takes the `State` and has a property
`methods`: a function for each method, by its name. A function takes the request's message, and
returns the response's message or a `Page`. Its address over HTTP and its path over gRPC are
Google's own, so that nothing else needs to be written for a further service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .google_messages import list_methods, make_method
from .listing import Page

Function = Callable[[Any], "Any | Page"]

# Methods that other services of Google have, and that clients call on their way.
_OPERATIONS = "google.longrunning.Operations"
_PLACES = (
    "projects/*/locations/*/operations/*",
    "projects/*/locations/*/pipelineJobs/*/operations/*",
    "projects/*/locations/*/models/*/operations/*",
    "projects/*/locations/*/metadataStores/*/operations/*",
)


@dataclass(frozen=True, kw_only=True)
class Served:
    """A method with its function.

    Args:
        method: Google's description of it.
        function: The function.
    """

    method: Any
    function: Function


def _list_others() -> Iterator[Any]:
    # Over HTTP, the official client asks for operations below `/ui/`.
    for version in ("v1", "ui"):
        for place in _PLACES:
            yield make_method(
                name="GetOperation",
                service=_OPERATIONS,
                verb="GET",
                uri=f"/{version}/{{name={place}}}",
                body="",
                request="google.longrunning.GetOperationRequest",
                response="google.longrunning.Operation",
            )
            yield make_method(
                name="CancelOperation",
                service=_OPERATIONS,
                verb="POST",
                uri=f"/{version}/{{name={place}}}:cancel",
                body="*",
                request="google.longrunning.CancelOperationRequest",
                response="google.protobuf.Empty",
            )
    yield make_method(
        name="GetProject",
        service="google.cloud.resourcemanager.v3.Projects",
        verb="GET",
        uri="/v3/{name=projects/*}",
        body="",
        request="google.cloud.resourcemanager.v3.GetProjectRequest",
        response="google.cloud.resourcemanager.v3.Project",
    )


def list_known() -> list[Any]:
    """Return all methods that the emulator knows, also those that it refuses."""
    return [*list_methods(), *_list_others()]


def select_served(services: Sequence[Any]) -> tuple[list[Served], list[Any]]:
    """Return the methods that are served, and those that are refused.

    Args:
        services: The services, each with its functions by the names of methods.
    """
    functions: dict[str, Function] = {}
    for service in services:
        methods: Mapping[str, Function] = service.methods
        functions.update(methods)
    known = list_known()
    unknown = functions.keys() - {method.name for method in known}
    if unknown:
        message = f"Google has no methods {sorted(unknown)}"
        raise ValueError(message)
    served = [
        Served(method=method, function=functions[method.name])
        for method in known
        if method.name in functions
    ]
    return served, [method for method in known if method.name not in functions]
