"""Imports of files as tables: CSV, JSON Lines and Parquet become Parquet with a schema.

CSV and JSON Lines are read twice, a block at a time: first to recognize the type of each column
from all its values, then to convert them. So one value in the last row can't break a type that the
first rows suggest, and memory doesn't depend on the size of the file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from kfpkit.helpers.column_types import (
    ColumnType,
    Recognition,
    first_failing,
    parse_types,
)
from kfpkit.helpers.csv_files import describe_csv
from kfpkit.helpers.json_lines import describe_json_lines
from kfpkit.helpers.sources import Source
from kfpkit.helpers.tables import open_table, require_names, writing_table

MISSING = ("", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None")
_TIMES = ("date", "timestamp", "zoned")
_PACKED = (".gz", ".zip")
_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of a file, as far as it is declared.

    Args:
        format: `csv`, `jsonl` or `parquet`. If empty, that of the file's name.
        encoding: The encoding of CSV.
        separator: The separator of CSV.
        decimal: The decimal point of CSV.
        missing: The values of CSV that stand for a missing one.
        types: The types of columns, such as `integer` or `date:%d.%m.%Y`.
        columns: The names of the columns of CSV without a header.
    """

    format: str = ""
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    missing: Sequence[str] = MISSING
    types: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()


class _Rows(Protocol):
    """A file whose rows can be read more than once."""

    @property
    def name(self) -> str: ...

    def batches(self) -> Iterator[pa.RecordBatch]: ...

    def line_of(self, row: int) -> int: ...


def import_table(source: Source, form: Form, path: str) -> pa.Schema:
    """Write the rows of a file as Parquet.

    Args:
        source: The file.
        form: Its form.
        path: The path of the table.

    Returns:
        The columns with their types.

    Raises:
        ValueError: The file can't be read, a value doesn't have its declared type, or there are no
            rows. The message names line and column.
    """
    kind = _format_of(source, form.format)
    if kind == "parquet":
        return _copy_parquet(source, form, path)
    rows: _Rows
    if kind == "csv":
        rows = describe_csv(
            source.name,
            source.opened,
            encoding=form.encoding,
            separator=form.separator,
            columns=form.columns,
        )
        missing = pa.array(list(form.missing), pa.string())
        kinds: tuple[str, ...] = ("boolean", "integer", "number", *_TIMES)
    else:
        rows, missing, kinds = describe_json_lines(source.name, source.opened), None, _TIMES
    types = _recognize_types(rows, form, missing, kinds)
    return _write_rows(rows, types, missing, path)


def _format_of(source: Source, declared: str) -> str:
    suffixes = [suffix for suffix in source.suffixes if suffix not in _PACKED]
    found = declared or _FORMATS.get(suffixes[-1] if suffixes else "", "")
    if found not in {"csv", "jsonl", "parquet"}:
        what = f"The format `{declared}`" if declared else f"The format of `{source.name}`"
        raise ValueError(f"{what} is unknown. Give `format`: `csv`, `jsonl` or `parquet`.")
    return found


def _copy_parquet(source: Source, form: Form, path: str) -> pa.Schema:
    if form.types:
        raise ValueError("`types` is for CSV and JSON Lines: the columns of Parquet have types.")
    table = open_table(source.address)
    if not table.rows:
        raise ValueError(f"`{source.name}` has no rows. Check the system that writes it.")
    with writing_table(path, table.schema) as written:
        for batch in table.batches():
            written.write(batch)
    return table.schema


def _recognize_types(
    rows: _Rows, form: Form, missing: pa.Array | None, kinds: tuple[str, ...]
) -> dict[str, ColumnType | None]:
    """Return the type of each column. None for a column that isn't made of strings."""
    declared = parse_types(form.types, form.decimal)
    found: dict[str, Recognition | None] = {}
    taken: dict[str, int] = {}
    row = 0
    for batch in rows.batches():
        if not found:
            require_names(batch.schema.names, declared)
            found = {
                each.name: Recognition(name=each.name, decimal=form.decimal, kinds=kinds)
                if pa.types.is_string(each.type)
                else None
                for each in batch.schema
            }
        for name, recognition in found.items():
            if recognition is not None:
                values = batch.column(name)
                cleaned = _without_missing(values, missing)
                lost = cleaned.null_count - values.null_count - _empty(values)
                taken[name] = taken.get(name, 0) + lost
                if name not in declared:
                    recognition.add(cleaned, row)
        row += batch.num_rows
    if not row:
        raise ValueError(f"`{rows.name}` has no rows. Check the system that writes it.")
    _report(rows, {name: each for name, each in found.items() if name not in declared}, taken)
    return {
        name: declared.get(name, each.result if each is not None else None)
        for name, each in found.items()
    }


def _write_rows(
    rows: _Rows, types: Mapping[str, ColumnType | None], missing: pa.Array | None, path: str
) -> pa.Schema:
    batches = _converted(rows, types, missing)
    first = next(batches)
    with writing_table(path, first.schema) as written:
        written.write(first)
        for batch in batches:
            written.write(batch)
    return first.schema


def _converted(
    rows: _Rows, types: Mapping[str, ColumnType | None], missing: pa.Array | None
) -> Iterator[pa.RecordBatch]:
    row = 0
    for batch in rows.batches():
        columns = []
        for name, kind in types.items():
            values = batch.column(name)
            if kind is not None:
                values = _convert(rows, name, kind, _without_missing(values, missing), row)
            columns.append(values)
        yield pa.RecordBatch.from_arrays(columns, names=list(types))
        row += batch.num_rows


def _convert(rows: _Rows, name: str, kind: ColumnType, values: pa.Array, row: int) -> pa.Array:
    try:
        return kind.convert(values)
    except pa.ArrowInvalid:
        failing = first_failing(values, kind.converts)
    written = kind.kind + (f" in the form `{kind.pattern}`" if kind.pattern else "")
    raise ValueError(
        f"`{rows.name}`, line {rows.line_of(row + failing)}, column `{name}`: "
        f"`{values[failing].as_py()}` is not of the type {written}. Correct the value, add it to "
        f"`missing`, or import the column as `string`."
    )


def _without_missing(values: pa.Array, missing: pa.Array | None) -> pa.Array:
    if missing is None:
        return values
    is_missing = pc.is_in(pc.utf8_trim_whitespace(values), missing)
    return pc.if_else(is_missing, pa.scalar(None, pa.string()), values)


def _empty(values: pa.Array) -> int:
    return int(pc.sum(pc.equal(pc.utf8_trim_whitespace(values), "")).as_py() or 0)


def _report(rows: _Rows, found: Mapping[str, Recognition | None], taken: Mapping[str, int]) -> None:
    """Log what an author may not expect."""
    for name, each in found.items():
        if each is None or each.result.kind != "string":
            continue
        if taken[name]:
            _LOGGER.warning(
                "The string column `%s` has %d values such as `NA` that were taken as missing. If "
                'they are values, give `missing=[""]`.',
                name,
                taken[name],
            )
        if each.cause is not None:
            row, value = each.cause
            _LOGGER.warning(
                "The column `%s` is imported as strings because of line %d: `%s`.",
                name,
                rows.line_of(row),
                value,
            )
        if each.hint:
            _LOGGER.warning("The column `%s` has %s.", name, each.hint)
        if each.kind is None:
            _LOGGER.warning("The column `%s` has no values.", name)
