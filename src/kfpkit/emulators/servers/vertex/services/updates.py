"""Changes of resources by a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..refusals import invalid

_FIXED = {"name", "create_time", "update_time", "etag"}


def apply_mask(source: Any, target: Any, paths: Sequence[str]) -> None:
    """Copy the fields that a mask names, or all but those that never change.

    Args:
        source: The message of the request.
        target: The stored message, which changes.
        paths: The mask's paths, in snake_case.

    Raises:
        RefusedError: A path isn't a field.
    """
    known = target.DESCRIPTOR.fields_by_name
    for path in paths or [name for name in known if name not in _FIXED]:
        name = path.partition(".")[0]
        if name not in known or (name in _FIXED and paths):
            raise invalid(f"Invalid `update_mask`: `{path}`.")
        target.ClearField(name)
        value = getattr(source, name)
        if known[name].message_type is not None or hasattr(value, "extend"):
            if value or getattr(value, "ByteSize", lambda: 0)():
                _copy(value, getattr(target, name))
        else:
            setattr(target, name, value)


def _copy(value: Any, target: Any) -> None:
    for way in ("CopyFrom", "MergeFrom", "extend"):
        if hasattr(target, way):
            getattr(target, way)(value)
            return
    target.update(value)
