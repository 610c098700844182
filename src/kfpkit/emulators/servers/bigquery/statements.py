"""SQL statements that the package misreads or silently ignores."""

from __future__ import annotations

import itertools
from typing import Any

from local_bigquery.catalog import ddl as catalog
from local_bigquery.errors import BigQueryError
from local_bigquery.sql.dialect import BigQueryDialect
from local_bigquery.sql.rules import ddl
from sqlglot import exp

from .refusals import not_emulated

_UPLOAD = "Use a load job, `client.load_table_from_uri(…)`."
_EXPIRY = "Set the options of the snapshot afterwards, with `client.update_table(…)`."
_DEFINITION = "Use `client.create_table(…)` with an `ExternalConfig`."


def install() -> None:
    """Examine each statement before the package does."""
    normalise = ddl.normalise

    def check(tree: exp.Expression) -> exp.Expression:
        _refuse(tree)
        found: exp.Expression = normalise(tree)
        if isinstance(found, exp.Merge):
            _complete(found)
        return found

    ddl.normalise = check
    read_partitioning = catalog._partitioning
    catalog._partitioning = lambda node: _read_ranges(node.this) or read_partitioning(node)


def _read_ranges(partitioning: exp.Expression) -> dict[str, Any] | None:
    """Parse `RANGE_BUCKET(…)`, which the package reads as a partitioning by days."""
    if not isinstance(partitioning, exp.Anonymous) or "range_bucket" not in partitioning.name:
        return None
    column, series = partitioning.expressions
    names = ("start", "end", "interval")
    bounds = dict(zip(names, (each.sql() for each in series.expressions), strict=True))
    return {"rangePartitioning": {"field": column.name, "range": bounds}}


def _refuse(tree: exp.Expression) -> None:
    if isinstance(tree, exp.LoadData):
        raise not_emulated("`LOAD DATA`", _UPLOAD)
    if isinstance(tree, exp.Command):
        words = f"{tree.text('this')} {tree.text('expression')}".upper().split()
        if words[0] == "CREATE" and "EXTERNAL" in words[:4]:
            raise not_emulated("`CREATE EXTERNAL TABLE` in this form", _DEFINITION)
        if words[:2] == ["CREATE", "SNAPSHOT"] and _has_options(tree.text("expression")):
            raise not_emulated("`OPTIONS` of `CREATE SNAPSHOT TABLE`", _EXPIRY)


def _has_options(statement: str) -> bool:
    """Return whether a statement has options, and not only a name or a comment like it."""
    tokens = BigQueryDialect().tokenize(statement)
    pairs = itertools.pairwise(token.text.upper() for token in tokens)
    return ("OPTIONS", "(") in pairs


def _complete(merge: exp.Merge) -> None:
    """Parse `INSERT VALUES (…)`, which the package reads as an insert into a column `VALUES(…)`."""
    for when in merge.args["whens"].expressions:
        action = when.args["then"]
        if not isinstance(action, exp.Insert) or action.expression:
            continue
        (only, *others) = action.this.expressions if isinstance(action.this, exp.Tuple) else [None]
        if isinstance(only, exp.Anonymous) and only.name.upper() == "VALUES" and not others:
            action.set("expression", exp.Tuple(expressions=only.expressions))
            action.set("this", None)
        elif not isinstance(action.this, exp.Var):
            raise BigQueryError("invalidQuery", "Syntax error: INSERT in MERGE has no VALUES")
