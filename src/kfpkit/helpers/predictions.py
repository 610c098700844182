"""Predictions of a model, row by row."""

from __future__ import annotations

import pandas as pd

from kfpkit.helpers.models import Model
from kfpkit.helpers.tables import require_columns


def predictions_of(model: Model, table: pd.DataFrame, key: str, threshold: float) -> pd.DataFrame:
    """Return a prediction for each row of a table.

    Args:
        model: The model.
        table: The table, with the model's features.
        key: The column that identifies a row.
        threshold: The lowest probability at which a row is predicted as 1.

    Returns:
        The key, `probability`, `prediction` and `estimator`, in the table's order.

    Raises:
        ValueError: The key or a feature is missing.
    """
    require_columns(table, [key])
    probabilities = model.probabilities(table).astype("float64")
    return pd.DataFrame(
        {
            key: table[key],
            "probability": probabilities,
            "prediction": (probabilities >= threshold).astype("int64"),
            "estimator": model.card.estimator,
        }
    )
