"""Splits of tables into training and test data, in one pass that keeps the order of the rows.

Three methods decide the side of a row:

    hash    the hash of its key: a row stays on its side when the table grows
    group   the hash of another column: rows of one group are on one side
    time    a column with times: the latest rows are the test data
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from kfpkit.helpers.keys import hashes_of, places_of, require_keys
from kfpkit.helpers.tables import StoredTable, TableWriter, require_names, writing_table
from kfpkit.helpers.times import iterate_times, parse_time, times_of

FOLD = "fold"
_METHODS = ("hash", "group", "time")


@dataclass(frozen=True, kw_only=True)
class Split:
    """How a table is split.

    Args:
        key: The column that identifies a row.
        test_fraction: The share of the test data, between 0 and 1.
        salt: Another salt gives another split by hash.
        method: `hash`, `group` or `time`.
        column: The column of the groups or of the times.
        cutoff: The first time of the test data. If empty, the fraction decides.
        folds: The number of folds of the training data. 0 for no folds.
    """

    key: str
    test_fraction: float = 0.25
    salt: str = ""
    method: str = "hash"
    column: str = ""
    cutoff: str = ""
    folds: int = 0


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a split has written.

    Args:
        train_rows: The number of training rows.
        test_rows: The number of test rows.
    """

    train_rows: int
    test_rows: int


class Sides(Protocol):
    """Decides where rows belong."""

    def are_test(self, batch: pa.RecordBatch) -> np.ndarray:
        """Return for each row whether it belongs to the test data."""
        ...

    def folds_of(self, batch: pa.RecordBatch) -> np.ndarray:
        """Return the fold of each row, from 0."""
        ...


@dataclass(frozen=True, kw_only=True)
class _ByHash:
    column: str
    split: Split

    def are_test(self, batch: pa.RecordBatch) -> np.ndarray:
        places = places_of(batch.column(self.column), self.split.salt)
        return places < self.split.test_fraction

    def folds_of(self, batch: pa.RecordBatch) -> np.ndarray:
        # Another salt: places below the fraction are not among the training rows.
        places = places_of(batch.column(self.column), f"{self.split.salt}\x1f{FOLD}")
        return (places * self.split.folds).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class _ByTime:
    column: str
    cutoff: int
    edges: np.ndarray

    def are_test(self, batch: pa.RecordBatch) -> np.ndarray:
        is_test: np.ndarray = times_of(batch.column(self.column), self.column) >= self.cutoff
        return is_test

    def folds_of(self, batch: pa.RecordBatch) -> np.ndarray:
        times = times_of(batch.column(self.column), self.column)
        return np.searchsorted(self.edges, times, side="right").astype(np.int64)


def split_table(
    table: StoredTable, split: Split, train_path: str, test_path: str, batch_rows: int
) -> Parts:
    """Write the training rows and the test rows of a table.

    Args:
        table: The table.
        split: How it is split.
        train_path: The training data's path. With folds, it has another column, `fold`.
        test_path: The test data's path.
        batch_rows: The most rows that are in memory at once.

    Raises:
        ValueError: The split is impossible, a key or time is missing, a key would be on both sides,
            or one side would be empty.
    """
    _require_possible(table, split)
    sides = _sides_of(table, split, batch_rows)
    if split.method != "hash":
        _require_disjoint_keys(table, split, sides, batch_rows)
    folded = table.schema.append(pa.field(FOLD, pa.int64())) if split.folds else table.schema
    with (
        writing_table(train_path, folded) as train,
        writing_table(test_path, table.schema) as test,
    ):
        _write_rows(table, split, sides, batch_rows, (train, test))
        for part, name in ((train, "training"), (test, "test")):
            _require_rows(part, name, table.rows)
    return Parts(train_rows=train.rows, test_rows=test.rows)


def _write_rows(
    table: StoredTable,
    split: Split,
    sides: Sides,
    batch_rows: int,
    parts: tuple[TableWriter, TableWriter],
) -> None:
    row = 0
    for batch in table.batches(rows=batch_rows):
        require_keys(batch.column(split.key), split.key, row)
        row += batch.num_rows
        is_test = sides.are_test(batch)
        training = batch.filter(pa.array(~is_test))
        if split.folds:
            training = training.append_column(FOLD, pa.array(sides.folds_of(training)))
        parts[0].write(training)
        parts[1].write(batch.filter(pa.array(is_test)))


def _require_possible(table: StoredTable, split: Split) -> None:
    if not 0 < split.test_fraction < 1:
        raise ValueError(
            f"`test_fraction` is {split.test_fraction}. Give a number between 0 and 1."
        )
    if split.method not in _METHODS:
        raise ValueError(
            f"The method `{split.method}` does not exist. Choose `hash`, `group` or `time`."
        )
    if (split.method == "hash") == bool(split.column):
        raise ValueError(
            "`column` names the groups or the times. Give it with the methods `group` and `time`, "
            "and leave it out with `hash`."
        )
    if split.cutoff and split.method != "time":
        raise ValueError("`cutoff` is a time. Give it only with the method `time`.")
    if split.folds < 0 or split.folds == 1:
        raise ValueError(f"`folds` is {split.folds}. Give 2 or more, or 0 for no folds.")
    require_names(table.schema.names, [split.key, *([split.column] if split.column else [])])
    if split.folds and FOLD in table.schema.names:
        raise ValueError(f"The table already has a column `{FOLD}`. Rename it, or use no folds.")
    if not table.rows:
        raise ValueError("The table has no rows. Check the task that writes it.")


def _sides_of(table: StoredTable, split: Split, batch_rows: int) -> Sides:
    if split.method != "time":
        return _ByHash(column=split.column or split.key, split=split)
    times = np.concatenate(
        list(iterate_times(table.batches([split.column], rows=batch_rows), split.column))
    )
    if split.cutoff:
        cutoff = parse_time(split.cutoff, table.schema.field(split.column).type, split.column)
    else:
        first = int(len(times) * (1 - split.test_fraction))
        cutoff = int(np.partition(times, first)[first])
    before = np.sort(times[times < cutoff])
    positions = [len(before) * fold // split.folds for fold in range(1, split.folds)]
    edges = before[positions] if len(before) else before
    return _ByTime(column=split.column, cutoff=cutoff, edges=edges)


def _require_disjoint_keys(table: StoredTable, split: Split, sides: Sides, batch_rows: int) -> None:
    """Refuse rows with one key on both sides: a model would be tested with what it has seen."""
    hashes: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for keys, is_test in _keys_and_sides(table, split, sides, batch_rows):
        found = hashes_of(keys)
        hashes[0].append(found[~is_test])
        hashes[1].append(found[is_test])
    shared = np.intersect1d(*map(np.concatenate, hashes))
    if not len(shared):
        return
    for keys, _ in _keys_and_sides(table, split, sides, batch_rows):
        among = np.flatnonzero(np.isin(hashes_of(keys), shared))
        if len(among):
            raise ValueError(
                f"{len(shared)} keys of the column `{split.key}` would be in the training data and "
                f"in the test data, for example {keys[int(among[0])].as_py()!r}. Name a key that "
                f'identifies a row, or keep its rows together with `method="group"` and '
                f'`column="{split.key}"`.'
            )


def _keys_and_sides(
    table: StoredTable, split: Split, sides: Sides, batch_rows: int
) -> Iterator[tuple[pa.Array, np.ndarray]]:
    columns = list(dict.fromkeys([split.key, split.column]))
    row = 0
    for batch in table.batches(columns, rows=batch_rows):
        keys = batch.column(split.key)
        require_keys(keys, split.key, row)
        row += len(keys)
        yield keys, sides.are_test(batch)


def _require_rows(part: TableWriter, name: str, rows: int) -> None:
    if not part.rows:
        raise ValueError(
            f"The {name} data would be empty: no row of {rows} was selected. Use more rows, "
            "another fraction, another cutoff or another salt."
        )
