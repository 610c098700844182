"""JSON Lines files as batches of columns: one object in each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import pyarrow as pa
from pyarrow import json as arrow_json

from kfpkit.helpers.csv_files import Opener

_BLOCK = 2**22
_KINDS = {bool: "boolean", int: "number", float: "number", str: "string", dict: "object"}


@dataclass(frozen=True, kw_only=True)
class JsonLinesFile:
    """A JSON Lines file.

    Args:
        name: What it is called in messages.
        opener: Opens it.
        schema: The columns. Dates and times are strings.
    """

    name: str
    opener: Opener
    schema: pa.Schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read the objects, a block at a time. A key that an object lacks is null."""
        options = arrow_json.ParseOptions(
            explicit_schema=self.schema, unexpected_field_behavior="error"
        )
        with self.opener() as file:
            for block in _blocks(file):
                table = arrow_json.read_json(pa.BufferReader(block), parse_options=options)
                yield from table.select(self.schema.names).combine_chunks().to_batches()

    def line_of(self, row: int) -> int:
        """Return the number of the line with an object. Rows count from 0."""
        with self.opener() as file:
            for number, line in enumerate(file, start=1):
                row -= bool(line.strip())
                if row < 0:
                    return number
        return 0


def describe_json_lines(name: str, opener: Opener) -> JsonLinesFile:
    """Read a JSON Lines file once to find all its columns.

    Raises:
        ValueError: A line isn't an object, or a key has values of different types.
    """
    found: list[pa.Schema] = []
    try:
        with opener() as file:
            for block in _blocks(file):
                schema = _untimed(arrow_json.read_json(pa.BufferReader(block)).schema)
                found = [pa.unify_schemas([*found, schema], promote_options="permissive")]
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        _explain_fault(name, opener)
        raise ValueError(f"`{name}` cannot be read as JSON Lines: {error}.") from None
    if not found:
        raise ValueError(f"`{name}` is empty. Check the task or the system that writes it.")
    fields = [
        field.with_type(pa.string()) if pa.types.is_null(field.type) else field
        for field in found[0]
    ]
    return JsonLinesFile(name=name, opener=opener, schema=pa.schema(fields))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield whole lines, some megabytes at a time."""
    rest = b""
    while block := file.read(_BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if whole.strip():
            yield whole + newline
    if rest.strip():
        yield rest


def _untimed(schema: pa.Schema) -> pa.Schema:
    """Return a schema with strings where Arrow recognizes times: later ones may be others."""
    return pa.schema([pa.field(field.name, _without_times(field.type)) for field in schema])


def _without_times(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_without_times(kind.value_type))
    if pa.types.is_struct(kind):
        fields = [kind.field(number) for number in range(kind.num_fields)]
        return pa.struct([(field.name, _without_times(field.type)) for field in fields])
    return kind


def _explain_fault(name: str, opener: Opener) -> None:
    """Find the line that Arrow can't read, and refuse it with the line's number."""
    kinds: dict[str, tuple[str, int]] = {}
    with opener() as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                _require_kinds(name, number, _parse(name, number, line), kinds)


def _parse(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"`{name}`, line {number}, column {error.colno}: {error.msg}. Write one JSON object in "
            "each line."
        ) from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"`{name}`, line {number}, byte {error.start + 1}: JSON must be UTF-8. Convert it."
        ) from None
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - the file is wrong, not the call
            f"`{name}`, line {number}: the line is not a JSON object. Write one object in each "
            "line, with the columns as keys."
        )
    return value


def _require_kinds(
    name: str, number: int, row: dict[str, Any], kinds: dict[str, tuple[str, int]]
) -> None:
    for key, value in row.items():
        if value is None:
            continue
        kind = _KINDS.get(type(value), "array")
        before, line = kinds.setdefault(key, (kind, number))
        if before != kind:
            raise ValueError(
                f"`{name}`, line {number}: the value of `{key}` is of the type {kind}, but it is "
                f"of the type {before} in line {line}. Write the values of a key in one type."
            )
