"""`maximum_bytes_billed`: accepted if the limit certainly holds, refused if not.

What BigQuery bills depends on columns and partitions, which the emulator doesn't examine. It never
bills more than the total size of the tables in a query, so a limit above that always holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_bigquery.catalog import metadata, names
from local_bigquery.engine import database, types
from local_bigquery.engine.database import quote
from local_bigquery.jobs import query
from local_bigquery.models import Table
from local_bigquery.sql.rules.tables import resolve
from local_bigquery.sql.translate import parse
from sqlglot import exp

from .external import find_definition
from .refusals import not_emulated

_LEAST = 10 * 2**20  # bytes that are billed for each table
_UNIT = 2**20
_SIZES = {"BOOLEAN": 1, "NUMERIC": 16, "INTERVAL": 16, "BIGNUMERIC": 32, "RANGE": 16}
_SIZE = 8  # of other types whose values have all the same
_NESTED = 32  # a value of one character, as text, is at most so large
_DEPTH = 16  # of views in views


def install() -> None:
    """Check the limit before a statement runs."""
    run = query._statement

    def check(
        cursor: Any, tree: Any, context: Any, destination: Any, config: Any, *more: Any
    ) -> Any:
        limit = config.maximumBytesBilled
        if limit is not None:
            context.billed = getattr(context, "billed", 0) + compute_bound(tree, context)
            _compare(int(limit), context.billed)
        return run(cursor, tree, context, destination, config, *more)

    query._statement = check


def _compare(limit: int, billed: int) -> None:
    if limit < billed:
        raise not_emulated(
            f"`maximum_bytes_billed` of {limit}",
            f"BigQuery would bill {billed} bytes at most, and perhaps fewer. Set the limit to that "
            "or more, or leave it out of local runs.",
        )


def compute_bound(tree: exp.Expression, context: Any) -> int:
    """Return the most bytes that BigQuery would bill for a statement."""
    return sum(_measure_table(key) for key in set(_find_tables(tree, context, _DEPTH)))


def _find_tables(tree: exp.Expression, context: Any, depth: int) -> Iterator[tuple[str, str, str]]:
    ctes = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if find_definition(table, context, ctes)[1] is not None:
            what = "`maximum_bytes_billed` for external tables"
            raise not_emulated(what, "Leave it out of local runs.")
        key = resolve(table, context, ctes)
        if key is None and table.name.endswith("*"):
            project, dataset, prefix = names.reference(
                table, context.project_id, context.dataset_id
            )
            found = (name for name, _, _ in database.objects(project, dataset))
            yield from ((project, dataset, n) for n in found if n.startswith(prefix[:-1]))
        elif key is not None:
            stored = metadata.load(Table, *key)
            view = stored and stored.view and stored.view.query
            if view and depth:
                for part in parse(view):
                    yield from _find_tables(part, context, depth - 1)
            else:
                yield key


def _measure_table(key: tuple[str, str, str]) -> int:
    """Return the bytes of a whole table, rounded up as in billing."""
    if not any(kind == "TABLE" for _, kind, _ in database.objects(*key)):
        return 0
    table = quote(*key)
    with database.cursor() as cursor:
        relation = cursor.sql(f"SELECT * FROM {table} LIMIT 0")
        columns = zip(relation.columns, relation.types, strict=True)
        parts = " + ".join(_column(name, types.field(name, kind)) for name, kind in columns)
        (size,) = cursor.sql(f"SELECT sum({parts}) FROM {table}").fetchone()
    return max(_LEAST, -(-int(size or 0) // _UNIT) * _UNIT) if size else 0


def _column(name: str, field: Any) -> str:
    column = quote(name)
    if field.mode == "REPEATED" or field.type in {"RECORD", "JSON", "GEOGRAPHY"}:
        size = f"{_NESTED} * strlen(CAST({column} AS VARCHAR))"
    elif field.type == "STRING":
        size = f"2 + strlen({column})"
    elif field.type == "BYTES":
        size = f"2 + octet_length({column})"
    else:
        size = str(_SIZES.get(field.type, _SIZE))
    return f"coalesce({size}, 0)"
