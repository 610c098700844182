"""Message classes by name, and their form as JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message

FILE = Path(__file__).with_name("descriptors.binpb")
PACKAGE = "google.cloud.aiplatform.v1"
"""The package of the names that are given without one."""


@functools.cache
def load_pool() -> DescriptorPool:
    """Return the pool with the messages.

    It is not protobuf's default pool: the official client may be loaded in the same process, and a
    pool refuses a second definition.
    """
    pool = DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(FILE.read_bytes()).file:
        pool.Add(file)
    return pool


@functools.cache
def find_message(name: str) -> type[Message]:
    """Return a message class.

    Args:
        name: Its name, such as `PipelineJob` or `google.longrunning.Operation`.

    Raises:
        KeyError: There is no such message.
    """
    full = name if name.startswith("google.") else f"{PACKAGE}.{name}"
    found: type[Message] = message_factory.GetMessageClass(load_pool().FindMessageTypeByName(full))
    return found


def parse_message(
    name: str, content: bytes | str | Mapping[str, Any], *, ignore_unknown: bool = False
) -> Message:
    """Return a message from JSON.

    Keys may be in snake_case or camelCase, and enums may be names or numbers, as with Google's
    services.

    Args:
        name: The message's name.
        content: The JSON, or what it holds.
        ignore_unknown: Whether to skip fields that the message doesn't have, for answers of a newer
            service.

    Raises:
        ValueError: It isn't JSON, or doesn't fit the message.
    """
    values = content if isinstance(content, Mapping) else json.loads(content)
    try:
        return json_format.ParseDict(
            values, find_message(name)(), ignore_unknown, descriptor_pool=load_pool()
        )
    except json_format.ParseError as error:
        raise ValueError(str(error)) from None


def print_message(
    message: Message, *, snake_case: bool = False, numbers: bool = False
) -> dict[str, Any]:
    """Return a message as values of JSON.

    Args:
        message: The message.
        snake_case: Whether keys have the fields' own names instead of camelCase.
        numbers: Whether enums are numbers instead of names.
    """
    values: dict[str, Any] = json_format.MessageToDict(
        message,
        preserving_proto_field_name=snake_case,
        use_integers_for_enums=numbers,
        descriptor_pool=load_pool(),
    )
    return values
