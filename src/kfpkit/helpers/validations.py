"""Validations: the rows and columns of a table that violate its schema, and their report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

from kfpkit.helpers.reports import Table, Verdict, html_page
from kfpkit.helpers.schemas import read_schema

_NAMED_ROWS = 10
_REPORTED_ROWS = 1000


class InvalidDataError(ValueError):
    """A table violates its schema."""

    def __init__(self, failures: tuple[Failure, ...]) -> None:
        """List each failed check with the invalid rows."""
        self.failures = failures
        listed = "\n".join(f"  {failure}" for failure in failures)
        super().__init__(
            f"The data fails {len(failures)} check{'s' if len(failures) > 1 else ''} of its "
            f"schema:\n{listed}\nCorrect the rows at their source, or the schema if they are "
            "right."
        )


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One check that a table fails.

    Args:
        column: The column. None if the check concerns the whole table.
        check: The check, as pandera writes it.
        rows: The invalid rows, as `(key, value)`. Empty if the check doesn't concern single rows.
        found: What was found, if the check doesn't concern single rows.
    """

    column: str | None
    check: str
    rows: tuple[tuple[str, str], ...] = ()
    found: str = ""

    def __str__(self) -> str:
        """Return the failure as one line, with the first ten of its rows."""
        where = f"column `{self.column}`" if self.column else "the table"
        if not self.rows:
            return f"{where}: {self.check}: found {self.found}"
        named = ", ".join(f"`{key}` ({value})" for key, value in self.rows[:_NAMED_ROWS])
        more = len(self.rows) - _NAMED_ROWS
        return f"{where}: {self.check}: rows {named}" + (f" and {more} more" if more > 0 else "")


def conform(table: pd.DataFrame, schema: str, key: str) -> pd.DataFrame:
    """Check a table against a schema.

    Args:
        table: The table, with its rows numbered from 0.
        schema: The schema in pandera's YAML format.
        key: The column that identifies a row.

    Returns:
        The table, converted to the schema's types where it sets `coerce: true`.

    Raises:
        InvalidDataError: Rows or columns violate the schema. The message lists them.
        InvalidSchemaError: The schema isn't valid YAML or contains an unknown key.
    """
    checked = read_schema(schema)
    try:
        return checked.validate(table, lazy=True)
    except SchemaErrors as error:
        raise InvalidDataError(_failures(error.failure_cases, table, key)) from None


def validation_report(table: pd.DataFrame, failures: tuple[Failure, ...]) -> str:
    """Write the result of a check as an HTML page. It lists up to 1,000 rows of a failed check."""
    values = {"rows": f"{len(table):,}", "columns": f"{len(table.columns):,}"}
    if not failures:
        return html_page(
            "Data validation",
            "The data conforms to the schema.",
            verdict=Verdict(text="valid", is_good=True),
            values=values,
        )
    count = len(failures)
    return html_page(
        "Data validation",
        f"The data fails {count} check{'s' if count > 1 else ''} of the schema.",
        verdict=Verdict(text="invalid", is_good=False),
        values={**values, "failed checks": f"{count:,}"},
        tables=[_failure_table(failure) for failure in failures],
    )


def _failure_table(failure: Failure) -> Table:
    where = f"Column `{failure.column}`" if failure.column else "The table"
    title = f"{where}: {failure.check}"
    if not failure.rows:
        return Table(title=title, header=("found",), rows=[[failure.found]])
    count = len(failure.rows)
    return Table(
        title=f"{title}, {count:,} row{'s' if count > 1 else ''}",
        header=("row", "value"),
        rows=failure.rows[:_REPORTED_ROWS],
        more=f"The first {_REPORTED_ROWS:,} rows are listed." if count > _REPORTED_ROWS else "",
    )


def _failures(cases: pd.DataFrame, table: pd.DataFrame, key: str) -> tuple[Failure, ...]:
    broken = cases.groupby(["column", "check"], dropna=False, sort=False)
    return tuple(
        failure
        for (column, check), group in broken
        for failure in _failures_of(column, str(check), group, table, key)
    )


def _failures_of(
    column: Any, check: str, cases: pd.DataFrame, table: pd.DataFrame, key: str
) -> list[Failure]:
    found = [str(case) for case in cases["failure_case"]]
    if check in _COLUMN_CHECKS:
        return [Failure(column=case, check=check, found=_COLUMN_CHECKS[check]) for case in found]
    where = None if pd.isna(column) else str(column)
    if cases["index"].isna().any():
        return [Failure(column=where, check=check, found=", ".join(f"`{case}`" for case in found))]
    # pandera gathers the values of all checks in one column, where 5 becomes 5.0.
    values = table[where] if where in table.columns else cases.set_index("index")["failure_case"]
    rows = sorted(set(cases["index"].astype("int64")))
    named = tuple((_name_of(row, table.get(key)), str(values[row])) for row in rows)
    return [Failure(column=where, check=check, rows=named)]


def _name_of(row: int, keys: pd.Series | None) -> str:
    return f"row {row}" if keys is None or pd.isna(keys[row]) else str(keys[row])


_COLUMN_CHECKS = {
    "column_in_dataframe": "no such column",
    "column_in_schema": "a column that the schema does not have",
}
