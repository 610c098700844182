"""The reference of targets, written from their model."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from kfpkit.targets.reading import list_keys
from kfpkit.targets.target import VertexTarget

_DEFAULTS = {None: "none", True: "`true`", False: "`false`"}


def write_reference() -> str:
    """Return a table with the keys of a target."""
    fields = {field.alias: field for field in VertexTarget.model_fields.values()}
    rows = [
        f"| `{key}` | {_write_default(fields[key])} | {meaning} |"
        for key, meaning in list_keys(VertexTarget).items()
    ]
    head = ["| Key | Default | Meaning |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _write_default(field):
    if field.default_factory is dict:
        return "none"
    return "required" if field.default is PydanticUndefined else _DEFAULTS[field.default]
