"""Reads message types and HTTP rules from the installed official client.

The client has neither the files of protobuf nor a table of its methods. Its message types are
built when it is imported, and its methods are attributes of its transports.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from google.cloud.resourcemanager_v3.types import projects
from google.longrunning import operations_pb2
from google.protobuf import descriptor_pb2, empty_pb2
from google.rpc import error_details_pb2

from kfpkit.vertex.messages import Method

VERTEX = "google.cloud.aiplatform_v1"
REGISTRY = "google.cloud.artifactregistry_v1"
SERVICES = {
    VERTEX: ("MetadataService", "ModelService", "PipelineService", "ScheduleService"),
    REGISTRY: ("ArtifactRegistry",),
}
_TYPES = {
    # The first has an answer that no request refers to.
    VERTEX: (
        "lineage_subgraph",
        "metadata_service",
        "model_service",
        "pipeline_service",
        "schedule_service",
    ),
    # The others are about images, packages of languages, and settings.
    REGISTRY: ("package", "version", "tag", "service"),
}


def extract_descriptors() -> bytes:
    """Return the messages of the services, and what they refer to, as a `FileDescriptorSet`."""
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}
    for descriptor in _list_files():
        _collect(descriptor, found)
    whole = descriptor_pb2.FileDescriptorSet(file=found.values())
    return bytes(whole.SerializeToString(deterministic=True))


def extract_methods() -> list[dict[str, str]]:
    """Return the methods of the services, as `methods.json` has them."""
    known = {name for file in _list_files() for name in _list_messages(file)}
    return [
        asdict(method)
        for client, services in SERVICES.items()
        for service in services
        for method in _list_methods(client, service)
        if method.request in known
    ]


def _list_files() -> Iterator[Any]:
    for client, modules in _TYPES.items():
        for module in modules:
            types = importlib.import_module(f"{client}.types.{module}")
            messages = [getattr(types, name) for name in sorted(types.__protobuf__.manifest)]
            yield from (each.pb().DESCRIPTOR.file for each in messages if hasattr(each, "pb"))
    yield projects.Project.pb().DESCRIPTOR.file
    yield from (each.DESCRIPTOR for each in (operations_pb2, empty_pb2, error_details_pb2))


def _list_messages(file: Any) -> Iterator[str]:
    yield from (each.full_name for each in file.message_types_by_name.values())


def _collect(file: Any, found: dict[str, descriptor_pb2.FileDescriptorProto]) -> None:
    """Add a file after the files that it imports.

    The client keeps imports and types of a file in sets, so their order changes with each process.
    """
    if file.name in found:
        return
    for imported in sorted(file.dependencies, key=lambda each: each.name):
        _collect(imported, found)
    content = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(content)
    content.dependency.sort()
    content.message_type.sort(key=lambda each: each.name)
    content.enum_type.sort(key=lambda each: each.name)
    found[file.name] = content


def _list_methods(client: str, service: str) -> Iterator[Method]:
    package = f"{client}.services.{_to_snake_case(service)}.transports"
    rest = importlib.import_module(f"{package}.rest_base")
    grpc = importlib.import_module(f"{package}.grpc")
    rules = vars(getattr(rest, f"_Base{service}RestTransport"))
    stubs = vars(getattr(grpc, f"{service}GrpcTransport"))
    for name in sorted(each.removeprefix("_Base") for each in rules if each.startswith("_Base")):
        full, request, response = _read_stub(stubs[_to_snake_case(name)])
        # Others, such as operations and policies, are the same everywhere.
        if full.endswith(f".{service}") and hasattr(request, "__self__"):
            # The client has no public table.
            option = rules[f"_Base{name}"]._get_http_options()[0]  # noqa: SLF001
            yield Method(
                name=name,
                service=full,
                verb=option["method"].upper(),
                uri=option["uri"],
                body=option.get("body", ""),
                request=_name_message(request),
                response=_name_message(response),
            )


def _read_stub(stub: property) -> tuple[str, Any, Any]:
    """Return a method's service, writer and reader, as a transport passes them to its channel."""

    def unary_unary(path: str, *, request_serializer: Any, response_deserializer: Any) -> Any:
        return path.split("/")[1], request_serializer, response_deserializer

    channel = SimpleNamespace(unary_unary=unary_unary)
    transport = SimpleNamespace(_stubs={}, _logged_channel=channel)
    found: tuple[str, Any, Any] = stub.__get__(transport)
    return found


def _name_message(function: Any) -> str:
    """Return the full name of the message whose class a function is bound to."""
    owner = function.__self__
    message = owner.pb() if hasattr(owner, "pb") else owner
    return str(message.DESCRIPTOR.full_name)


def _to_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
