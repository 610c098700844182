"""Samples of tables: rows at even distances, the same in every run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from kfpkit.helpers.tables import StoredTable


def sample_table(table: StoredTable, most: int) -> pd.DataFrame:
    """Return at most so many rows of a table, at even distances.

    Args:
        table: The table. It is read a batch at a time.
        most: The most rows, which limit the memory.

    Raises:
        ValueError: The table has no rows, or `most` is less than 1.
    """
    if most < 1:
        raise ValueError(f"A sample of {most} rows is impossible. Give 1 row or more.")
    if not table.rows:
        raise ValueError(
            f"The table `{table.files[0]}` has no rows. Check the task that writes it."
        )
    wanted = np.linspace(0, table.rows - 1, min(most, table.rows)).astype(np.int64)
    taken, first = [], 0
    for batch in table.batches():
        low, high = np.searchsorted(wanted, [first, first + batch.num_rows])
        taken.append(batch.take(pa.array(wanted[low:high] - first)))
        first += batch.num_rows
    return pa.Table.from_batches(taken, table.schema).to_pandas()
