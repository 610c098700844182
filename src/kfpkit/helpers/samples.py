"""Sample data of libraries, as tables for a first run of a pipeline."""

from __future__ import annotations

import pandas as pd
from sklearn.datasets import load_breast_cancer

_MALIGNANT = 0


def breast_cancer() -> pd.DataFrame:
    """Return scikit-learn's Wisconsin breast cancer data with a row key and names for SQL.

    Returns:
        `sample_id`, `malignant`, and 30 features such as `mean_radius`.
    """
    source = load_breast_cancer(as_frame=True)
    table = source.data.rename(columns=_column_name)
    # scikit-learn leaves out the source's own IDs. The order of its rows never changes.
    table.insert(0, "sample_id", [f"wdbc-{row:03}" for row in range(1, len(table) + 1)])
    table.insert(1, "malignant", (source.target == _MALIGNANT).astype("int64"))
    return table


def _column_name(feature: str) -> str:
    words = feature.split()
    if words[-1] == "error":
        words = ["error", *words[:-1]]
    return "_".join(words)
