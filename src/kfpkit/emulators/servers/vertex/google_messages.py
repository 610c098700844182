"""Google's message types, from the folder `kfpkit/vertex/messages`.

The folder is loaded from its place, because kfpkit isn't installed in this process.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

_FOLDER = Path(__file__).parents[3] / "vertex" / "messages"
_NAME = "google_messages_of_kfpkit"


def _load() -> ModuleType:
    file = _FOLDER / "__init__.py"
    folders = [str(_FOLDER)]
    found = importlib.util.spec_from_file_location(_NAME, file, submodule_search_locations=folders)
    if found is None or found.loader is None:
        sys.exit(f"{file} is missing. Install kfpkit again.")
    module = importlib.util.module_from_spec(found)
    sys.modules[_NAME] = module
    found.loader.exec_module(module)
    return module


_messages = _load()


def find_message(name: str) -> Any:
    """Return a message class, such as `PipelineJob`."""
    return _messages.find_message(name)


def make_message(name: str, content: Mapping[str, Any] | None = None) -> Any:
    """Return a message with these values of JSON.

    Raises:
        ValueError: They don't fit the message.
    """
    return _messages.parse_message(name, content or {})


def print_message(message: Any, *, numbers: bool = False) -> dict[str, Any]:
    """Return a message as values of JSON, with enums as names or `numbers`."""
    values: dict[str, Any] = _messages.print_message(message, numbers=numbers)
    return values


def list_methods() -> tuple[Any, ...]:
    """Return all methods of Google's services, with their addresses."""
    methods: tuple[Any, ...] = _messages.list_methods()
    return methods


def make_method(**facts: str) -> Any:
    """Return a method that isn't in the list."""
    return _messages.Method(**facts)
