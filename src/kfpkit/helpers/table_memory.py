"""Whole tables in memory: for what can't be learned from batches, within the memory that there is.

Most libraries learn from a table that is in memory as a whole, several times: as it is read, as
features, and in the library's own form. So what that takes is estimated from the first rows before
the others are read. A table that is too large is refused, or sampled if a number of rows is given.
"""

from __future__ import annotations

import logging
import resource
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from kfpkit.helpers.table_samples import sample_table
from kfpkit.helpers.tables import StoredTable, open_table

_log = logging.getLogger(__name__)
# As it was read, as pandas has it, in the signature's form, as features, and as rows that are held
# out: so many times a table is in memory while a model is trained.
COPIES = 5
_LOOKED_AT = 1000
_GIGABYTE = 10**9


def read_bounded(path: str, most_rows: int = 0) -> pd.DataFrame:
    """Read a whole table into memory, or rows of it at even distances.

    Args:
        path: A Parquet file, or a folder of Parquet files with the same columns.
        most_rows: The most rows to read. If the table has more, the log says so. 0 for all rows.

    Returns:
        The rows, numbered from 0.

    Raises:
        ValueError: `most_rows` is negative.
        MemoryError: The rows probably need more memory than this process may use.
    """
    if most_rows < 0:
        raise ValueError(f"`most_rows` is {most_rows}. Give a number of rows, or 0 for all rows.")
    table = open_table(path)
    rows = min(most_rows or table.rows, table.rows)
    _require_memory(table, path, rows)
    if rows == table.rows:
        return table.read().to_pandas()
    _log.warning(
        "%s of %s rows are used, at even distances, because `most_rows` is %s.",
        f"{rows:,}",
        f"{table.rows:,}",
        most_rows,
    )
    return sample_table(table, rows)


def estimate_memory(table: StoredTable, rows: int) -> int:
    """Return how many bytes rows of a table take while a model is trained, from the first ones."""
    first = next(table.batches(rows=_LOOKED_AT), None)
    if first is None or not first.num_rows:
        return 0
    size = int(first.to_pandas().memory_usage(index=False, deep=True).sum())
    return COPIES * size * rows // int(first.num_rows)


def find_free_memory(root: Path = Path("/")) -> int | None:
    """Return how many more bytes this process may use. None where the system doesn't tell.

    Args:
        root: The folder that contains `proc` and `sys`.
    """
    limits = (*_list_groups(root), *_read_available(root), *_read_addresses(root))
    return min(limits, default=None)


def _require_memory(table: StoredTable, path: str, rows: int) -> None:
    needed, free = estimate_memory(table, rows), find_free_memory()
    if free is None or needed <= free:
        return
    fitting = rows * free // needed
    digits = max(len(str(fitting)) - 2, 0)
    advised = fitting // 10**digits * 10**digits
    raise MemoryError(
        f"The {rows:,} rows of the table `{path}` need about {needed / _GIGABYTE:.1f} GB of memory "
        f"to learn from, but this task may use only {free / _GIGABYTE:.1f} GB more. Pass "
        f"`most_rows={advised}` to use so many rows at even distances, or give the task more "
        "memory with `set_memory_limit`."
    )


def _list_groups(root: Path) -> Iterator[int]:
    """Return what the control groups of this process leave, of version 2 and of version 1."""
    for line in _read_lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if not controllers:
            group, names = root / "sys/fs/cgroup", ("memory.max", "anon")
        elif "memory" in controllers.split(","):
            group, names = root / "sys/fs/cgroup/memory", ("memory.limit_in_bytes", "total_rss")
        else:
            continue
        inner = group / path.strip().lstrip("/")
        for folder in (inner, *inner.parents):
            yield from _read_limit(folder, *names)
            if folder == group:
                break


def _read_limit(folder: Path, name: str, used: str) -> Iterator[int]:
    (limit, *_) = _read_lines(folder / name) or [""]
    statistics = dict(line.split() for line in _read_lines(folder / "memory.stat"))
    if limit.strip().isdigit():
        # What files take is given back when memory is needed.
        yield max(int(limit) - int(statistics.get(used, 0)), 0)


def _read_available(root: Path) -> Iterator[int]:
    for line in _read_lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _read_addresses(root: Path) -> Iterator[int]:
    """Return what `ulimit -v` leaves."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    for line in _read_lines(root / "proc/self/statm"):
        if limit != resource.RLIM_INFINITY:
            yield max(limit - int(line.split()[0]) * resource.getpagesize(), 0)


def _read_lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
