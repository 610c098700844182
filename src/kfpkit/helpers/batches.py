"""Batches: what is made of a table that may be larger than memory, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pyarrow as pa

from kfpkit.helpers.tables import BATCH_ROWS, open_table, writing_table


def transform_table(
    source: str,
    target: str,
    transform: Callable[[int, pa.Table], pa.Table],
    rows: int = BATCH_ROWS,
    columns: Collection[str] | None = None,
) -> int:
    """Write what a function makes of each part of a table.

    Args:
        source: The table.
        target: The file.
        transform: The function of the number of the first row, from 0, and the rows. It first gets
            a part without rows and with all columns, for the columns that it makes.
        rows: The largest number of rows of a part.
        columns: The columns that the function reads (default: all).

    Returns:
        The number of rows that were written.
    """
    table, first = open_table(source), 0
    made = transform(0, table.schema.empty_table()).schema
    read = [name for name in table.schema.names if columns is None or name in columns]
    with writing_table(target, made) as written:
        for batch in table.batches(read, rows=rows):
            part = transform(first, pa.Table.from_batches([batch]))
            for each in part.to_batches():
                written.write(each)
            first += batch.num_rows
    return first
