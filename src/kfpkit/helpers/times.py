"""Times in columns, as numbers that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def times_of(column: pa.Array, name: str, first_row: int = 0) -> np.ndarray:
    """Return times as whole numbers.

    Args:
        column: Timestamps, dates, or integers such as years.
        name: The column's name, for messages.
        first_row: The number of the first row in the table.

    Returns:
        Microseconds since 1970 (UTC for times with a zone), or the integers themselves.

    Raises:
        ValueError: The column has another type, or a time is missing.
    """
    kind = column.type
    if column.null_count:
        row = first_row + pc.index(column.is_null(), True).as_py()
        raise ValueError(
            f"The time column `{name}` is empty in row {row}. Give every row a time, or leave the "
            "rows without one out."
        )
    if pa.types.is_integer(kind):
        return column.cast(pa.int64()).to_numpy()
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("ms"))
    elif not pa.types.is_timestamp(kind):
        raise ValueError(
            f"The time column `{name}` has the type {kind}. Split by a column with dates, "
            "timestamps or integers; `import_file` recognizes dates in ISO format."
        )
    zone = getattr(kind, "tz", None)
    exact = column.cast(pa.timestamp("us", zone), safe=False)
    return exact.cast(pa.int64()).to_numpy()


def iterate_times(batches: Iterable[pa.RecordBatch], name: str) -> Iterator[np.ndarray]:
    """Yield the times of each batch."""
    row = 0
    for batch in batches:
        yield times_of(batch.column(name), name, row)
        row += batch.num_rows


def parse_time(text: str, kind: pa.DataType, name: str) -> int:
    """Return a time that is written as a string as the number that `times_of` gives.

    Args:
        text: ISO 8601, such as `2024-05-01` or `2024-05-01T12:00:00+02:00`, or an integer.
        kind: The type of the column that it is compared with.
        name: The column's name, for messages.

    Raises:
        ValueError: The string isn't a time of that type: it is malformed, or only one of the two
            has a zone.
    """
    try:
        if pa.types.is_integer(kind):
            return int(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        wanted = "an integer" if pa.types.is_integer(kind) else "a time such as 2024-05-01T12:00:00"
        raise ValueError(
            f"`{text}` cannot be compared with the column `{name}` ({kind}). Write {wanted}."
        ) from None
    if (getattr(kind, "tz", None) is None) != (moment.tzinfo is None):
        raise ValueError(
            f"The column `{name}` ({kind}) and `{text}` differ: only one of them has a time zone. "
            + (
                "Add a zone, as in 2024-05-01T00:00:00+00:00."
                if moment.tzinfo is None
                else "Write the time without a zone."
            )
        )
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)
    return int(
        np.datetime64(aware.astimezone(timezone.utc).replace(tzinfo=None), "us").astype(np.int64)
    )
