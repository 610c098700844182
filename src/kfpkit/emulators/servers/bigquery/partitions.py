"""`table$20240501`: one partition of a table, as jobs and clients name it.

A job that writes to it replaces, or appends to, only the rows of that partition. A job that reads
it gets these rows. The table must be partitioned by a column: arrival times aren't recorded here.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Any

import duckdb
from local_bigquery.catalog import metadata, names, tabledata, tables
from local_bigquery.engine import database, types
from local_bigquery.engine.database import quote
from local_bigquery.errors import BigQueryError, already_exists
from local_bigquery.models import Table

from .refusals import not_emulated

Key = tuple[str, str, str]
# How an id of each unit is written, how long it is, and what it spans.
_UNITS = {
    "HOUR": ("%Y%m%d%H", 10, "1 HOUR"),
    "DAY": ("%Y%m%d", 8, "1 DAY"),
    "MONTH": ("%Y%m", 6, "1 MONTH"),
    "YEAR": ("%Y", 4, "1 YEAR"),
}


def install() -> None:
    """Distinguish partitions from tables, which the package doesn't."""
    name, columns, load, exists = tables.name, tables.columns, tables.load, tables.exists
    physical, delete, write = tables.physical, tables.delete, tables.write

    def name_rows(*key: str) -> Any:
        return f"(SELECT * FROM {_rows(key)})" if "$" in key[2] else name(*key)

    def name_numbered_rows(*key: str) -> Any:
        return f"(SELECT rowid, * FROM {_rows(key)})" if "$" in key[2] else name(*key)

    def refuse_statement(project: str, dataset: str, table: str) -> Any:
        if "$" in table:
            problem = f'Table "{dataset}.{table}" cannot include decorator'
            raise BigQueryError("invalidQuery", problem)
        return physical(project, dataset, table)

    def delete_rows(*key: str) -> None:
        if "$" in key[2]:
            database.execute(f"DELETE FROM {_rows(key)}")
        else:
            delete(*key)

    def write_rows(
        cursor: Any, query: str, params: Any, key: Key, *more: Any, **options: Any
    ) -> Any:
        if "$" not in key[2]:
            return write(cursor, query, params, key, *more, **options)
        return _Partition(key).write(write, cursor, query, params, *more)

    tables.name, tables.physical = name_rows, refuse_statement
    tables.columns = tabledata.columns = lambda *key: columns(*_strip_partition(key))
    tables.exists = lambda *key: exists(*_strip_partition(key))
    tables.load = tabledata.load = _describe(load)
    tables.delete, tables.write = delete_rows, write_rows
    tabledata.name = name_numbered_rows
    tabledata.insert_all = _refuse_stream(tabledata.insert_all)


def _strip_partition(key: Any) -> Key:
    """Return the table of a partition, or the table itself."""
    project, dataset, table = key
    return project, dataset, table.partition("$")[0]


def _rows(key: Any) -> str:
    """Return a partition's rows, as the part of a query after `FROM`."""
    return f"{tables.name(*_strip_partition(key))} WHERE {condition(key)}"


def condition(key: Any) -> str:
    """Return the condition that holds exactly for the rows of a partition."""
    decorator = key[2].partition("$")[2]
    stored = metadata.load(Table, *_strip_partition(key)) or Table()
    time, numbers = stored.timePartitioning, stored.rangePartitioning
    column = quote(_find_field(key))
    if decorator == "__NULL__":
        return f"{column} IS NULL"
    if decorator.startswith("__"):
        raise not_emulated(f"The partition `{decorator}`", "Query the table.")
    first, last = (
        _parse_span(decorator, (time.type or "DAY").upper())
        if time
        else _parse_range(decorator, numbers)
    )
    return f"{column} >= {first} AND {column} < {last}"


def _find_field(key: Any) -> str:
    """Return the column that partitions a table."""
    stored = metadata.load(Table, *_strip_partition(key)) or Table()
    partitioning = stored.timePartitioning or stored.rangePartitioning
    if partitioning is None or partitioning.field is None:
        what = f"The partition `{key[2]}` of a table that no column partitions"
        raise not_emulated(what, "Partition the table by a column.")
    return str(partitioning.field)


def _parse_span(decorator: str, unit: str) -> tuple[str, str]:
    format_, length, interval = _UNITS[unit]
    try:
        first = dt.datetime.strptime(decorator, format_)  # noqa: DTZ007 - UTC's
    except ValueError:
        first = None
    if first is None or len(decorator) != length:
        problem = f"`{decorator}` is not the id of a partition by {unit}."
        raise BigQueryError("invalid", problem)
    start = f"TIMESTAMP '{first}'"
    return start, f"({start} + INTERVAL {interval})"


def _parse_range(decorator: str, numbers: Any) -> tuple[str, str]:
    if not decorator.isdecimal():
        raise BigQueryError("invalid", f"`{decorator}` is not the id of a partition by numbers.")
    return decorator, str(int(decorator) + int(numbers.range.interval))


def _describe(load: Any) -> Any:
    def describe(*key: str) -> Any:
        found = load(*_strip_partition(key))
        if "$" not in key[2]:
            return found
        ((count,),) = database.fetch(f"SELECT count(*) FROM {_rows(key)}")
        reference = {"projectId": key[0], "datasetId": key[1], "tableId": key[2]}
        label = names.label(*key)
        return found.replace(id=label, tableReference=reference, numRows=str(count))

    return describe


def _refuse_stream(insert_all: Any) -> Any:
    def insert(project: str, dataset: str, table: str, body: Any) -> Any:
        if "$" in table:
            raise not_emulated("Streaming into a partition", "Stream into the table.")
        return insert_all(project, dataset, table, body)

    return insert


class _Partition:
    """A partition as the destination of a job."""

    def __init__(self, key: Key) -> None:
        """Keep the partition's `key`."""
        self.key = key
        self.table = _strip_partition(key)

    def write(
        self, write: Any, cursor: Any, query: str, params: Any, config: Any, *more: Any
    ) -> Any:
        """Write the result of a query if all of it belongs to the partition, otherwise nothing."""
        disposition = config.writeDisposition or (more[0] if more else "WRITE_EMPTY")
        tables.load(*self.table)  # the table has to be there
        stage = quote(f"_partition_{secrets.token_hex(6)}")
        cursor.execute(f"CREATE TEMP TABLE {stage} AS {self._typed(cursor, query, params)}", params)
        try:
            self._check(cursor, stage, disposition)
            append = config.replace(writeDisposition="WRITE_APPEND")
            with _written_as_one(cursor):
                if disposition.startswith("WRITE_TRUNCATE"):
                    cursor.execute(f"DELETE FROM {_rows(self.key)}")
                write(cursor, f"SELECT * FROM {stage}", None, self.table, append, *more)
        finally:
            cursor.execute(f"DROP TABLE IF EXISTS temp.{stage}")
        return False

    def _typed(self, cursor: Any, query: str, params: Any) -> str:
        """Convert the partitioning column to its type in the table."""
        name = _find_field(self.key).casefold()
        given = {column.casefold(): column for column in cursor.sql(query, params=params).columns}
        kinds = {field.name.casefold(): field for field in tables.columns(*self.table)}
        if name not in given or name not in kinds:
            return query
        column = quote(given[name])
        kind = types.duckdb_type(kinds[name])
        return f"SELECT * REPLACE (CAST({column} AS {kind}) AS {column}) FROM ({query})"

    def _check(self, cursor: Any, stage: str, disposition: str) -> None:
        inside = condition(self.key)
        sql = f"SELECT count(*) FROM {stage} WHERE NOT coalesce({inside}, false)"
        if cursor.sql(sql).fetchone()[0]:
            decorator = self.key[2].partition("$")[2]
            problem = "Some rows belong to different partitions rather than destination partition"
            raise BigQueryError("invalid", f"{problem} {decorator}")
        if disposition == "WRITE_EMPTY":
            taken = f"SELECT 1 FROM {_rows(self.key)} LIMIT 1"
            if cursor.sql(taken).fetchone():
                raise already_exists("Table", names.label(*self.key))


@contextlib.contextmanager
def _written_as_one(cursor: Any) -> Iterator[None]:
    """Keep what the block writes, or nothing of it if the block doesn't come to its end."""
    owned, end = _begin(cursor), "ROLLBACK"
    try:
        yield
        end = "COMMIT"
    finally:
        if owned:
            cursor.execute(end)


def _begin(cursor: Any) -> bool:
    """Begin a transaction, unless there is one. Return whether it began one."""
    try:
        cursor.execute("BEGIN")
    except duckdb.TransactionException:
        return False
    return True
