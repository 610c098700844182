"""Writes flights that were never flown: 13 columns, about 90 bytes for each row in Parquet.

rows.py FOLDER ROWS
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PART = 1_000_000
BEGIN = 1_704_067_200_000_000  # 2024-01-01 in microseconds
YEAR = 366 * 86_400_000_000
NUMBERS = ("distance", "air_time", "delay", "temperature", "wind", "humidity", "pressure", "seats")
WITH_GAPS = ("air_time", "delay")
SCHEMA = pa.schema(
    [
        ("flight_id", pa.int64()),
        ("late", pa.int64()),
        ("scheduled", pa.timestamp("us", "UTC")),
        ("origin", pa.string()),
        ("destination", pa.string()),
        *((name, pa.float64()) for name in NUMBERS),
    ]
)


def make_part(first: int, count: int) -> pa.Table:
    """Return rows whose target hangs on some of the columns, with noise."""
    random = np.random.default_rng(first)
    numbers = {name: random.normal(size=count) for name in NUMBERS}
    moments = BEGIN + random.integers(0, YEAR, count)
    noise = random.normal(size=count)
    late = (numbers["distance"] + numbers["wind"] + noise > 0).astype("int64")
    # Odd factors make other keys of all numbers, none of them twice.
    keys = (np.arange(first, first + count, dtype="uint64") * np.uint64(0x9E3779B97F4A7C15)).view(
        "int64"
    )
    origins = pa.array(["EWR", "JFK", "LGA"]).take(pa.array(random.integers(0, 3, count)))
    names = pa.array([f"D{number:03}" for number in range(105)])
    columns = [
        pa.array(keys),
        pa.array(late),
        pa.array(moments).cast(pa.timestamp("us", "UTC")),
        origins,
        names.take(pa.array(random.integers(0, 105, count))),
    ]
    for name, values in numbers.items():
        is_gap = random.random(count) < 0.1 if name in WITH_GAPS else None  # noqa: PLR2004 - a tenth
        columns.append(pa.array(values, mask=is_gap))
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def main(folder: str, rows: str) -> None:
    """Write files of at most a million rows."""
    Path(folder).mkdir()
    for number, first in enumerate(range(0, int(rows), PART)):
        part = make_part(first, min(PART, int(rows) - first))
        pq.write_table(part, Path(folder) / f"part-{number:03}.parquet")


main(*sys.argv[1:])
