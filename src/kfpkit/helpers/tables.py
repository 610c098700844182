"""Tables as Parquet files, or as folders of Parquet files, which BigQuery writes."""

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
    # Without `partitioning=None`, a folder above the file with a name like `a=b` becomes a column.
    return pq.read_table(path, partitioning=None).to_pandas()


def write_table(table: pd.DataFrame, path: str) -> None:
    """Write a table, without its row numbers, as one Parquet file."""
    table.to_parquet(path, index=False)


def require_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises:
        ValueError: Columns are missing. The message lists them and the existing ones.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(
            f"The table has no column {_listed(missing)}. It has {_listed(table.columns)}. "
            "Name one of these, or add the column to the query."
        )


def numeric_features(table: pd.DataFrame, *, without: Collection[str]) -> list[str]:
    """Return the names of the feature columns.

    Args:
        table: The table.
        without: The columns that aren't features: the key and the target.

    Returns:
        The names of the other columns, in the table's order.

    Raises:
        ValueError: A column is neither numeric nor Boolean, or there are no other columns.
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
        ValueError: The column contains other values, or only one of the two.
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
