"""The reference of the record, written from its model."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from kfpkit.runs import record
from kfpkit.runs.record import Part, RunRecord

PARTS = {
    name: part
    for name in record.__all__
    if inspect.isclass(part := getattr(record, name)) and issubclass(part, Part)
}
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true, false"}


def write_reference() -> str:
    """Return a section with a table for each part of the record, the whole record first."""
    schema = RunRecord.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    order = ["RunRecord", *_follow(schema, definitions)]
    return "\n".join(_write_part(name, {"RunRecord": schema, **definitions}) for name in order)


def _follow(
    schema: dict[str, Any], definitions: dict[str, Any], seen: list[str] | None = None
) -> list[str]:
    """Return the names of the parts in a part, in the order in which a reader meets them."""
    found = [] if seen is None else seen
    fresh = [
        name for name in _references(schema["properties"]) if name in PARTS and name not in found
    ]
    found += dict.fromkeys(fresh)
    for name in dict.fromkeys(fresh):
        _follow(definitions[name], definitions, found)
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _write_part(name: str, schemas: dict[str, Any]) -> str:
    about, _, arguments = inspect.getdoc(PARTS.get(name, RunRecord)).partition("\n\nArgs:\n")
    meanings = dict(re.findall(r"^    (\w+): (.+(?:\n     .+)*)", arguments, re.MULTILINE))
    fields = PARTS.get(name, RunRecord).model_fields
    properties = schemas[name]["properties"]
    keys = {name: field.serialization_alias or name for name, field in fields.items()}
    rows = [
        f"| `{key}` | {_write_type(properties[key], schemas)} | {_clean(meanings[name])} |"
        for name, key in keys.items()
    ]
    table = "\n".join(["| Key | Type | Meaning |", "| --- | --- | --- |", *rows])
    return f"\n## {_title(name)}\n\n{' '.join(about.split())}\n\n{table}\n"


def _title(name: str) -> str:
    if name == "RunRecord":
        return "Run"
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
    return words.capitalize()


def _clean(meaning: str) -> str:
    words = " ".join(meaning.split()).removeprefix("In the file `from`: ")
    return words[0].upper() + words[1:]


def _write_type(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    choices = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    (kind,) = choices
    if "$ref" in kind or "allOf" in kind:
        name = next(_references(kind))
        if name in PARTS:
            return f"[{_title(name).lower()}](#{_title(name).lower().replace(' ', '-')})"
        kind = schemas[name]
    if "enum" in kind or "const" in kind:
        return ", ".join(f"`{each}`" for each in kind.get("enum", [kind.get("const")]))
    if kind.get("type") == "array":
        return f"list: {_write_type(kind['items'], schemas)}"
    if kind.get("type") == "object":
        values = kind.get("additionalProperties")
        return "mapping" if values is True else f"by name: {_write_type(values, schemas)}"
    return "time" if kind.get("format") == "date-time" else _WORDS.get(kind.get("type"), "any")
