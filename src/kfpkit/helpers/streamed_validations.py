"""Validation of tables that may be larger than memory, a batch at a time.

Each batch is checked by itself. What concerns all rows is handled apart: a column that must be
unique is compared by hashes, 8 bytes for each row. A schema with other checks of whole tables is
applied to the whole table in memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pandera.pandas import DataFrameSchema

from kfpkit.helpers.schemas import read_schema
from kfpkit.helpers.tables import StoredTable, TableWriter, write_table, writing_table
from kfpkit.helpers.validations import (
    Failure,
    InvalidDataError,
    check_frame,
    conform,
    name_of,
)

# Checks whose result depends on all rows.
_OF_WHOLE_TABLES = frozenset({"unique_values_eq"})
_KEPT = 1000
_INTEGERS = tuple(np.dtype(f"{sign}int{size}") for sign in ("", "u") for size in (8, 16, 32, 64))


def conform_table(table: StoredTable, schema: str, key: str, path: str, batch_rows: int) -> None:
    """Check a table against a schema, and write it with the schema's types.

    Args:
        table: The table.
        schema: The schema in pandera's YAML format.
        key: The column that identifies a row.
        path: The path of the written table.
        batch_rows: The most rows that are in memory at once.

    Raises:
        InvalidDataError: Rows or columns violate the schema. The message lists them.
        InvalidSchemaError: The schema isn't valid YAML or contains an unknown key.
        ValueError: The table has no rows.
    """
    checked = read_schema(schema)
    if not table.rows:
        raise ValueError("The table has no rows. Check the task that writes it.")
    if _concerns_whole_tables(checked):
        write_table(conform(table.read().to_pandas(), schema, key), path)
        return
    unique = _take_unique(checked)
    found: dict[tuple[str | None, str], Failure] = {}
    hashes: dict[tuple[str, ...], list[np.ndarray]] = {}
    with contextlib.ExitStack() as stack:
        writer: TableWriter | None = None
        for batch, frame in _frames(table, batch_rows):
            conforming, failures = check_frame(checked, frame, key)
            for failure in failures:
                place = failure.column, failure.check
                found[place] = found[place].joined(failure) if place in found else failure
            for columns in unique:
                if set(columns) <= set(frame):
                    hashed = pd.util.hash_pandas_object(frame[list(columns)], index=False)
                    hashes.setdefault(columns, []).append(hashed.to_numpy())
            if not found:
                rows = _converted(batch, frame, conforming, writer)
                writer = writer or stack.enter_context(writing_table(path, rows.schema))
                for part in rows.to_batches():
                    writer.write(part)
        doubled = _duplicates(table, hashes, key, batch_rows)
        if found or doubled:
            raise InvalidDataError((*found.values(), *doubled))


def _concerns_whole_tables(checked: DataFrameSchema) -> bool:
    checks = [check for column in checked.columns.values() for check in column.checks]
    return bool(
        checked.checks
        or checked.index is not None
        or checked.add_missing_columns
        or checked.drop_invalid_rows
        or checked.strict == "filter"
        or any(column.default is not None for column in checked.columns.values())
        or any(check.name in _OF_WHOLE_TABLES for check in checks)
    )


def _take_unique(checked: DataFrameSchema) -> list[tuple[str, ...]]:
    """Remove what must be unique from a schema, and return it."""
    unique: list[tuple[str, ...]] = [
        (name,) for name, column in checked.columns.items() if column.unique
    ]
    for columns in unique:
        checked.columns[columns[0]].unique = False
    together = checked.unique
    if together:
        unique.append((together,) if isinstance(together, str) else tuple(together))
        checked.unique = None
    return unique


def _frames(table: StoredTable, rows: int) -> Iterator[tuple[pa.RecordBatch, pd.DataFrame]]:
    """Yield batches, with the types that the whole table has in pandas.

    A batch without gaps would have integers where another one has floating-point numbers.
    """
    mixed = [
        field.name
        for field in table.schema
        if pa.types.is_integer(field.type) or pa.types.is_boolean(field.type)
    ]
    gaps = dict.fromkeys(mixed, 0)
    for batch in table.batches(mixed, rows=rows) if mixed else ():
        for name in mixed:
            gaps[name] += batch.column(name).null_count
    first = 0
    for batch in table.batches(rows=rows):
        frame = batch.to_pandas()
        for name in mixed:
            if gaps[name] and frame[name].dtype in _INTEGERS:
                frame[name] = frame[name].astype("float64")
            elif gaps[name] and frame[name].dtype == np.dtype(bool):
                frame[name] = frame[name].astype(object)
        frame.index = pd.RangeIndex(first, first + len(frame))
        first += len(frame)
        yield batch, frame


def _converted(
    batch: pa.RecordBatch,
    frame: pd.DataFrame,
    conforming: pd.DataFrame,
    writer: TableWriter | None,
) -> pa.Table:
    """Return a batch with the schema's types, where it sets them. Others stay as they are."""
    columns = []
    for name in batch.schema.names:
        column = batch.column(name)
        if conforming[name].dtype != frame[name].dtype:
            kind = writer.schema.field(name).type if writer is not None else None
            column = pa.Array.from_pandas(conforming[name], type=kind)
        columns.append(column)
    return pa.Table.from_arrays(columns, names=batch.schema.names)


def _duplicates(
    table: StoredTable,
    hashes: dict[tuple[str, ...], list[np.ndarray]],
    key: str,
    batch_rows: int,
) -> list[Failure]:
    failures = []
    for columns, parts in hashes.items():
        found, counts = np.unique(np.concatenate(parts), return_counts=True)
        if (counts > 1).any():
            failures.append(_doubled(table, columns, found[counts > 1], key, batch_rows))
    return failures


def _doubled(
    table: StoredTable, columns: Sequence[str], twice: np.ndarray, key: str, batch_rows: int
) -> Failure:
    """List the rows whose values occur more than once."""
    failure: Failure | None = None
    check = "field_uniqueness" if len(columns) == 1 else "multiple_fields_uniqueness"
    where = columns[0] if len(columns) == 1 else None
    for _, frame in _frames(table, batch_rows):
        hashed = pd.util.hash_pandas_object(frame[list(columns)], index=False)
        rows = frame[np.isin(hashed.to_numpy(), twice)]
        kept = rows.iloc[:_KEPT]
        keys = kept.get(key)
        named = tuple(
            (name_of(int(row), keys), ", ".join(str(kept.loc[row, each]) for each in columns))
            for row in kept.index
        )
        part = Failure(column=where, check=check, rows=named, count=len(rows))
        failure = part if failure is None else failure.joined(part)
    if failure is None:
        raise RuntimeError("The table changed while it was read. Run the task again.")
    return failure
