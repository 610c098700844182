"""Vertex AI's API, as far as kfpkit and its emulator speak it.

`messages` has Google's own message types and HTTP rules. `python -m kfpkit.vertex` reads them from
the official client, which only kfpkit's developers install.
"""

from __future__ import annotations

from kfpkit.vertex.messages import (
    Method,
    find_message,
    find_method,
    list_methods,
    parse_message,
    print_message,
)

__all__ = [
    "Method",
    "find_message",
    "find_method",
    "list_methods",
    "parse_message",
    "print_message",
]
