"""Google's message types and HTTP rules of Vertex AI, without the official client.

- `descriptors.binpb` is a `FileDescriptorSet` with the messages of the services for pipelines,
  schedules, models and metadata, and everything that they refer to. protobuf makes classes of them
  in a tenth of a second and 2 MB; the official client takes seconds and over 100 MB.
- `methods.json` has each method's address, body and message types, for REST and gRPC.

`make vertex-messages` writes both files from the official client, and a test fails when they are
out of date. The emulator's process, which runs with another Python, imports this folder too: it
uses only the standard library and protobuf, and relative imports.
"""

from __future__ import annotations

from .loading import find_message, parse_message, print_message
from .methods import Method, find_method, list_methods

__all__ = [
    "Method",
    "find_message",
    "find_method",
    "list_methods",
    "parse_message",
    "print_message",
]
