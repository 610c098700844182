"""Tables as Parquet: a file, or a folder of files as BigQuery writes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd
import pyarrow.parquet as pq


def read_table(path: str) -> pd.DataFrame:
    """Read a table.

    Args:
        path: A Parquet file, or a folder of Parquet files with the same columns.

    Returns:
        The rows, numbered from 0.
    """
    # Without `partitioning=None`, a folder named like `a=b` above the file would become a column.
    return pq.read_table(path, partitioning=None).to_pandas()


def write_table(table: pd.DataFrame, path: str) -> None:
    """Write a table, without its row numbers, as one Parquet file."""
    table.to_parquet(path, index=False)


def require_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises:
        ValueError: Columns are missing; the message names them and those that are there.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(
            f"The table has no column {_listed(missing)}. It has {_listed(table.columns)}. "
            "Name one of these, or add the column to the query."
        )


def numeric_features(table: pd.DataFrame, *, without: Collection[str]) -> list[str]:
    """Name the columns that a model may learn from.

    Args:
        table: The table.
        without: The columns that are none: the key and the target.

    Returns:
        The other columns' names, in the table's order.

    Raises:
        ValueError: One of them is neither a number nor a truth value, or there is none.
    """
    features = [column for column in table.columns if column not in without]
    wrong = [
        column
        for column in features
        if not (
            pd.api.types.is_numeric_dtype(table[column])
            or pd.api.types.is_bool_dtype(table[column])
        )
    ]
    if wrong:
        raise ValueError(
            f"The columns {_listed(wrong)} are not numbers. Leave them out of the query, or encode "
            "them as numbers."
        )
    if not features:
        raise ValueError(
            f"The table has no columns besides {_listed(without)}. Add features to the query."
        )
    return features


def binary_labels(table: pd.DataFrame, target: str) -> pd.Series:
    """Return the target column as 0 and 1.

    Raises:
        ValueError: The column holds something else, or only one of the two.
    """
    values = set(table[target].dropna().unique())
    if table[target].isna().any() or values != {0, 1}:
        raise ValueError(
            f"The target `{target}` must contain both 0 and 1 and no other values. It contains "
            f"{_listed(sorted(map(str, values)))}"
            f"{' and missing values' if table[target].isna().any() else ''}. "
            "Correct the query, or use another split."
        )
    return table[target].astype("int64")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
