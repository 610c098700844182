"""Validations: the rows and columns of a table that violate its schema, and their report."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import DataFrameSchema

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
        rows: The first invalid rows, as `(key, value)`, at most 1,000. Empty if the check doesn't
            concern single rows.
        count: The number of all invalid rows.
        found: What was found, if the check doesn't concern single rows.
    """

    column: str | None
    check: str
    rows: tuple[tuple[str, str], ...] = ()
    count: int = 0
    found: str = ""

    def __str__(self) -> str:
        """Return the failure as one line, with the first ten of its rows."""
        where = f"column `{self.column}`" if self.column else "the table"
        if not self.rows:
            return f"{where}: {self.check}: found {self.found}"
        named = ", ".join(f"`{key}` ({value})" for key, value in self.rows[:_NAMED_ROWS])
        more = self.count - len(self.rows[:_NAMED_ROWS])
        return f"{where}: {self.check}: rows {named}" + (f" and {more:,} more" if more else "")

    def joined(self, other: Failure) -> Failure:
        """Return this failure with the rows of another batch."""
        rows = (*self.rows, *other.rows)[:_REPORTED_ROWS]
        return dataclasses.replace(self, rows=rows, count=self.count + other.count)


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
    conforming, failures = check_frame(read_schema(schema), table, key)
    if failures:
        raise InvalidDataError(failures)
    return conforming


def validation_report(
    rows: int,
    columns: int,
    failures: tuple[Failure, ...],
    success: str = "The data conforms to the schema.",
) -> str:
    """Write the result of a check as an HTML page. It lists up to 1,000 rows of a failed check."""
    values = {"rows": f"{rows:,}", "columns": f"{columns:,}"}
    if not failures:
        return html_page(
            "Data validation",
            success,
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
    count = failure.count
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


def check_frame(
    checked: DataFrameSchema, table: pd.DataFrame, key: str
) -> tuple[pd.DataFrame, tuple[Failure, ...]]:
    """Return a table with the schema's types, and its failures: none if it conforms."""
    try:
        return checked.validate(table, lazy=True), ()
    except SchemaErrors as error:
        return table, _failures(error.failure_cases, table, key)


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
    keys = table.get(key)
    named = tuple((name_of(row, keys), str(values[row])) for row in rows[:_REPORTED_ROWS])
    return [Failure(column=where, check=check, rows=named, count=len(rows))]


def name_of(row: int, keys: pd.Series | None) -> str:
    """Return the key of a row, or its number in a table without keys."""
    return f"row {row}" if keys is None or pd.isna(keys[row]) else str(keys[row])


_COLUMN_CHECKS = {
    "column_in_dataframe": "no such column",
    "column_in_schema": "a column that the schema does not have",
}
