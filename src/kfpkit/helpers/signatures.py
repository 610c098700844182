"""Signatures: the columns that a transformer or a model reads, and tables brought to their types.

A value looks different by the way that it came: a date is `datetime64[us]` from Parquet, a string
from JSON, and `[ns]` or `[us]` by the version of pandas that parsed it; an integer column with gaps
is one of floating-point numbers; a category is `object` in pandas 2 and `str` in pandas 3. So every
table is first brought to one form, the same for a batch, a part of it and a single record:

    number      float64, missing is NaN. Integers, Booleans and decimals are numbers
    category    strings as Python objects, missing is None. 7 and 7.0 are `7`
    text        the same
    date        datetime64[ns], without a zone
    moment      datetime64[ns], in UTC: a date with a zone
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

KINDS = ("number", "category", "text", "date", "moment")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that is read.

    Args:
        name: Its name.
        kind: One of `KINDS`.
    """

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The columns that are read, in order.

    Args:
        columns: The columns.
    """

    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @property
    def document(self) -> list[dict[str, str]]:
        """The signature as JSON has it."""
        return [{"name": column.name, "kind": column.kind} for column in self.columns]

    def conform(self, table: pd.DataFrame, first_row: int = 0) -> pd.DataFrame:
        """Select the columns of a table, and bring them to their form.

        Args:
            table: The table. Its other columns don't matter.
            first_row: The number of its first row, for messages.

        Returns:
            The columns, in the signature's order.

        Raises:
            ValueError: A column is missing, occurs twice, or has a value of another kind.
        """
        self.require_columns(table.columns)
        formed = {
            column.name: _FORMS[column.kind](table[column.name], first_row)
            for column in self.columns
        }
        return pd.DataFrame(formed, index=pd.RangeIndex(len(table)), columns=self.names)

    def conform_records(self, records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Bring JSON records to the same form as a table.

        Raises:
            ValueError: A record lacks a column, or has a value of another kind.
        """
        for row, record in enumerate(records):
            lacking = [name for name in self.names if name not in record]
            if lacking:
                raise ValueError(
                    f"Record {row} lacks {list_names(lacking)}. Send a value for each, or `null` "
                    "for a missing one."
                )
        columns = {
            name: pd.Series([record[name] for record in records], dtype=object)
            for name in self.names
        }
        return self.conform(pd.DataFrame(columns, index=range(len(records))))

    def require_columns(self, names: Iterable[str]) -> None:
        """Refuse a table that lacks a column, or has it twice.

        Raises:
            ValueError: That is so. The message lists the columns.
        """
        existing = list(names)
        lacking = [name for name in self.names if name not in existing]
        if lacking:
            raise ValueError(
                f"The table has no column {list_names(lacking)}, which was there in training. It "
                f"has {list_names(existing)}. Add the column to the query, or train again without."
            )
        twice = sorted({name for name in self.names if existing.count(name) > 1})
        if twice:
            raise ValueError(
                f"The table has the column {list_names(twice)} more than once. Rename one of them."
            )


def read_signature(document: Iterable[Mapping[str, str]]) -> Signature:
    """Read a signature from JSON."""
    return Signature(
        columns=tuple(Column(name=each["name"], kind=each["kind"]) for each in document)
    )


def list_names(names: Iterable[Any]) -> str:
    """Write names for a message: between backticks, the first 20."""
    quoted = [f"`{name}`" for name in names]
    more = f" and {len(quoted) - 20} more" if len(quoted) > 20 else ""  # noqa: PLR2004
    return (", ".join(quoted[:20]) or "none") + more


def require_finite(name: str, numbers: np.ndarray, first_row: int = 0) -> None:
    """Refuse infinite numbers, which some libraries learn from without a word.

    Raises:
        ValueError: A number is infinite.
    """
    infinite = np.isinf(numbers)
    if infinite.any():
        raise ValueError(
            f"The column `{name}` is infinite in row {first_row + int(infinite.argmax())}, and in "
            f"{int(infinite.sum()):,} of {len(numbers):,} rows. Make infinite values NULL at their "
            "source."
        )


def _form_numbers(values: pd.Series, first_row: int) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_timedelta64_dtype(values):
        raise _wrong_kind(values, "a number", values.iloc[0] if len(values) else None, first_row)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        missing = values.isna().to_numpy()
        for row, value in enumerate(values):
            if not missing[row] and not isinstance(
                value, int | float | decimal.Decimal | np.number | np.bool_
            ):
                raise _wrong_kind(values, "a number", value, first_row + row)
        values = values.where(~missing, np.nan)
        numbers = np.asarray([float(value) for value in values], dtype="float64")
    else:
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    require_finite(str(values.name), numbers, first_row)
    return numbers


def _form_strings(values: pd.Series, first_row: int) -> pd.Series:
    # Of each distinct value once: columns of categories have few.
    values = values.astype(object) if isinstance(values.dtype, pd.CategoricalDtype) else values
    try:
        codes, distinct = pd.factorize(values, use_na_sentinel=True)
    except TypeError:
        unhashable = next(v for v in values if isinstance(v, list | dict | np.ndarray))
        raise _wrong_kind(values, "a string", unhashable, first_row) from None
    words = np.array([*(_string_of(value) for value in distinct), None], dtype=object)
    # The type is given, because pandas 3 would make a column of `str`, where missing is NaN.
    return pd.Series(words[codes], dtype=object)


def _string_of(value: Any) -> str:
    if isinstance(value, float | np.floating | decimal.Decimal) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _form_dates(values: pd.Series, first_row: int) -> pd.DatetimeIndex:
    dates = _parse_dates(values, first_row)
    if dates.tz is not None:
        raise ValueError(
            f"The column `{values.name}` has dates with a time zone, but had none in training. "
            "Use the same type in both: TIMESTAMP has a zone, DATETIME has none."
        )
    return _in_nanoseconds(dates, values.name)


def _form_moments(values: pd.Series, first_row: int) -> pd.DatetimeIndex:
    dates = _parse_dates(values, first_row)
    if dates.tz is None and not dates.isna().all():
        raise ValueError(
            f"The column `{values.name}` has dates without a time zone, but had one in training. "
            "Use the same type in both: TIMESTAMP has a zone, DATETIME has none."
        )
    aware = dates.tz_localize("UTC") if dates.tz is None else dates.tz_convert("UTC")
    return _in_nanoseconds(aware, values.name)


def _parse_dates(values: pd.Series, first_row: int) -> pd.DatetimeIndex:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.DatetimeIndex(values)
    if pd.api.types.is_numeric_dtype(values) and not values.isna().all():
        raise _wrong_kind(values, "a date", values.dropna().iloc[0], first_row)
    known = values.astype(object).where(values.notna().to_numpy(), None)
    numbers = (value for value in known if isinstance(value, int | float | np.number))
    if (number := next(numbers, None)) is not None:
        # Versions of pandas differ in what they take it for.
        raise _wrong_kind(values, "a date such as `2024-05-01T10:00:00`", number, first_row)
    zones = {_has_zone(value) for value in known if value is not None}
    if len(zones) > 1:
        raise ValueError(
            f"The column `{values.name}` mixes dates with and without a time zone. Write all of "
            "them with a zone, such as `2024-05-01T10:00:00Z`, or none."
        )
    try:
        # Whole seconds and fractions may occur in one column.
        return pd.DatetimeIndex(pd.to_datetime(known, format="ISO8601", utc=zones == {True}))
    except pd.errors.OutOfBoundsDatetime as error:
        raise _out_of_bounds(values.name, error) from None
    except (ValueError, TypeError) as error:
        wrong = next((v for v in known if v is not None and not _is_date(v)), None)
        raise _wrong_kind(values, "a date such as `2024-05-01T10:00:00`", wrong, first_row) from (
            error
        )


def _has_zone(value: Any) -> bool:
    if isinstance(value, str):
        time = value.strip()[10:]
        return time.upper().endswith("Z") or "+" in time or "-" in time
    return getattr(value, "tzinfo", None) is not None


def _is_date(value: Any) -> bool:
    try:
        pd.to_datetime([value], format="ISO8601")
    except (ValueError, TypeError):
        return False
    return True


def _in_nanoseconds(dates: pd.DatetimeIndex, name: Any) -> pd.DatetimeIndex:
    try:
        return dates.as_unit("ns")
    except pd.errors.OutOfBoundsDatetime as error:
        raise _out_of_bounds(name, error) from None


def _out_of_bounds(name: Any, error: Exception) -> ValueError:
    return ValueError(
        f"The column `{name}` has a date outside of the years 1678 to 2261: {error}. Make "
        "placeholders for unknown dates NULL in the query."
    )


def _wrong_kind(values: pd.Series, kind: str, value: Any, row: int) -> ValueError:
    return ValueError(
        f"The column `{values.name}` must contain {kind} in each row, but row {row} contains "
        f"{value!r} ({type(value).__name__}). Correct the value or its type in the query."
    )


_FORMS: Mapping[str, Any] = {
    "number": _form_numbers,
    "category": _form_strings,
    "text": _form_strings,
    "date": _form_dates,
    "moment": _form_moments,
}
