"""Tables between tasks: Parquet with a schema, in one file or in a folder of files.

Every component reads and writes its tables here, from and to a local path or a `gs://` address. A
table that may be larger than memory is read and written one batch at a time:

    table = open_table(data.path)
    with writing_table(copy.path, table.schema) as copied:
        for batch in table.batches(rows=65_536):
            copied.write(batch)

Memory depends on the rows of a batch, not on the table: nothing reads ahead, and a written row
group is limited in rows and bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from kfpkit.helpers.table_files import (
    filesystem_of,
    find_files,
    opened_file,
    read_footer,
    require_distinct,
    require_same,
)

BATCH_ROWS = 65_536

_GROUP_ROWS, _GROUP_BYTES = 262_144, 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class StoredTable:
    """A table in Parquet files.

    Args:
        filesystem: The filesystem of the files.
        files: The files, in the order of their names.
        schema: The columns, the same in all files.
        rows: The number of rows.
    """

    filesystem: fs.FileSystem
    files: tuple[str, ...]
    schema: pa.Schema
    rows: int

    def batches(
        self, columns: Sequence[str] | None = None, *, rows: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """Read the rows in their order, a batch at a time.

        Args:
            columns: The columns to read (default: all).
            rows: The most rows of a batch, which limit the memory that reading needs.

        Raises:
            ValueError: `rows` is less than 1, or the table lacks a column.
        """
        if rows < 1:
            raise ValueError(f"A batch of {rows} rows is impossible. Give 1 row or more.")
        wanted = None if columns is None else list(columns)
        require_names(self.schema.names, wanted or [])
        for file in self.files:
            with opened_file(self.filesystem, file) as parquet:
                for batch in parquet.iter_batches(batch_size=rows, columns=wanted):
                    # Parquet's reader keeps the order of the file.
                    yield batch if wanted is None else batch.select(wanted)

    def read(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read the whole table into memory, or some of its columns."""
        names = self.schema.names if columns is None else columns
        fields = [self.schema.field(name) for name in names]
        schema = pa.schema(fields, metadata=self.schema.metadata)
        return pa.Table.from_batches(self.batches(columns), schema)


class TableWriter:
    """Writes the rows of a table, a batch at a time.

    Args:
        writer: Writes row groups.
    """

    def __init__(self, writer: pq.ParquetWriter) -> None:
        """Start with no rows."""
        self.rows = 0
        self.schema: pa.Schema = writer.schema
        self._writer = writer
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._waiting_bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows. Their columns must be those of the schema."""
        self.rows += batch.num_rows
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= _GROUP_ROWS or self._waiting_bytes >= _GROUP_BYTES:
            self.end_group()

    def end_group(self) -> None:
        """Write the waiting rows as a row group."""
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting), _GROUP_ROWS)
            self._waiting.clear()
            self._waiting_rows = self._waiting_bytes = 0


def open_table(path: str) -> StoredTable:
    """Find the files of a table, and read their schema.

    Args:
        path: A Parquet file, or a folder of Parquet files with the same columns; a local path or
            a `gs://` address.

    Raises:
        FileNotFoundError: The path doesn't exist, or the folder has no Parquet file.
        ValueError: A file isn't Parquet, its columns differ from those of the first file, or two
            columns have the same name.
    """
    filesystem, place = filesystem_of(path)
    files = find_files(filesystem, place)
    schema, rows = read_footer(filesystem, files[0])
    require_distinct(schema.names, files[0])
    for file in files[1:]:
        other, count = read_footer(filesystem, file)
        require_same(schema, other, files[0], file)
        rows += count
    return StoredTable(filesystem=filesystem, files=files, schema=schema, rows=rows)


@contextlib.contextmanager
def writing_table(path: str, schema: pa.Schema) -> Iterator[TableWriter]:
    """Write a table as one Parquet file. If that fails, no file remains.

    Args:
        path: A local path or a `gs://` address.
        schema: The columns.
    """
    filesystem, place = filesystem_of(path)
    try:
        with pq.ParquetWriter(
            place, schema, filesystem=filesystem, use_dictionary=_list_repeating(schema)
        ) as parquet:
            writer = TableWriter(parquet)
            yield writer
            writer.end_group()
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            filesystem.delete_file(place)
        raise


def read_table(path: str) -> pd.DataFrame:
    """Read a whole table into memory.

    Args:
        path: A Parquet file, or a folder of Parquet files with the same columns.

    Returns:
        The rows, numbered from 0.
    """
    return open_table(path).read().to_pandas()


def write_table(table: pd.DataFrame, path: str) -> None:
    """Write a table, without its row numbers, as one Parquet file."""
    content = pa.Table.from_pandas(table, preserve_index=False)
    with writing_table(path, content.schema) as written:
        for batch in content.to_batches():
            written.write(batch)


def require_names(found: Iterable[str], wanted: Iterable[str]) -> None:
    """Refuse column names that a table lacks.

    Raises:
        ValueError: Columns are missing. The message lists them and the existing ones.
    """
    existing = list(found)
    missing = [column for column in wanted if column not in existing]
    if missing:
        raise ValueError(
            f"The table has no column {_listed(missing)}. It has {_listed(existing)}. "
            "Name one of these, or add the column to the query."
        )


def require_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises:
        ValueError: Columns are missing. The message lists them and the existing ones.
    """
    require_names(table.columns, columns)


def _list_repeating(schema: pa.Schema) -> bool | list[str]:
    """Return the columns that a dictionary of their values makes smaller.

    Numbers with fractions seldom repeat. A dictionary of them takes twice the time to write.
    """
    if any(pa.types.is_nested(field.type) for field in schema):
        return True
    return [field.name for field in schema if not pa.types.is_floating(field.type)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
