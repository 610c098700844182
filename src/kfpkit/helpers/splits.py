"""Splits of tables by the keys of their rows."""

from __future__ import annotations

import pandas as pd

from kfpkit.helpers.keys import place_of, require_keys
from kfpkit.helpers.tables import require_columns


def split_by_key(
    table: pd.DataFrame, key: str, test_fraction: float, salt: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split a table into training and test rows.

    Args:
        table: The table.
        key: The column that identifies a row.
        test_fraction: The share of the keys in the test set.
        salt: A string. A different one gives a different split.

    Returns:
        The training rows and the test rows, each ordered by key.

    Raises:
        ValueError: The fraction is out of range, a key is unusable, or one side is empty.
    """
    if not 0 < test_fraction < 1:
        raise ValueError(f"`test_fraction` is {test_fraction}. Give a number between 0 and 1.")
    require_columns(table, [key])
    require_keys(table[key], key)
    # The source's order is none: without this, a model would depend on it through rounding.
    table = table.sort_values(key, kind="stable", ignore_index=True)
    is_test = table[key].map(lambda value: place_of(value, salt) < test_fraction).astype(bool)
    parts = table[~is_test], table[is_test]
    for part, name in zip(parts, ("training", "test"), strict=True):
        if part.empty:
            raise ValueError(
                f"The {name} data would be empty: no row of {len(table)} was selected. Use more "
                "rows, another fraction or another salt."
            )
    return parts
