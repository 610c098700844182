"""Batches: tables larger than memory, read and written a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 65_536


def read_schema_of(path: str) -> pa.Schema:
    """Return the columns of a Parquet file or a folder of Parquet files, and refuse doubled ones.

    Raises:
        ValueError: Two columns have the same name.
        FileNotFoundError: There is no Parquet file.
    """
    schema: pa.Schema = pq.read_schema(_files_of(path)[0])
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        listed = ", ".join(f"`{name}`" for name in twice)
        raise ValueError(f"The table has the column {listed} more than once. Rename one of them.")
    return schema


def read_batches(path: str, rows: int = ROWS) -> Iterator[tuple[int, pd.DataFrame]]:
    """Read a table in parts.

    Args:
        path: A Parquet file, or a folder of Parquet files with the same columns.
        rows: The largest number of rows of a part.

    Yields:
        The number of the first row, from 0, and the rows.
    """
    first = 0
    for file in _files_of(path):
        # The default reads ahead as much as the whole file.
        with pq.ParquetFile(file, pre_buffer=False) as opened:
            for batch in opened.iter_batches(rows):
                yield first, batch.to_pandas()
                first += batch.num_rows


def transform_batches(
    source: str, target: str, transform: Callable[[int, pd.DataFrame], pa.Table], rows: int = ROWS
) -> int:
    """Write what a function makes of each part of a table as one Parquet file.

    Args:
        source: The table.
        target: The file.
        transform: The function of the number of the first row and the rows.
        rows: The largest number of rows of a part.

    Returns:
        The number of rows that were written.
    """
    count, writer = 0, None
    try:
        for first, table in read_batches(source, rows):
            made = transform(first, table)
            writer = writer or pq.ParquetWriter(target, made.schema)
            writer.write_table(made)
            count += made.num_rows
        if writer is None:
            empty = transform(0, read_schema_of(source).empty_table().to_pandas())
            writer = pq.ParquetWriter(target, empty.schema)
    finally:
        if writer is not None:
            writer.close()
    return count


def _files_of(path: str) -> list[Path]:
    place = Path(path)
    files = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
    if not files:
        raise FileNotFoundError(
            f"The folder `{path}` contains no Parquet file. Check the task that wrote it."
        )
    return files
