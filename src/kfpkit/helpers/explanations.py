"""Explanations: which columns a model's predictions depend on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kfpkit.helpers.metrics import Predicted
from kfpkit.helpers.models import Model

_ROWS = 1000
_REPEATS = 3


def permutation_importances(
    model: Model, table: pd.DataFrame, seed: int = 0
) -> list[tuple[str, float]]:
    """Return how much the loss grows if the values of a column are shuffled, the most first.

    The loss is `log_loss`, or for values `rmse`, on at most 1,000 rows drawn by the seed; each
    column is shuffled three times. Columns with the same information hide each other's importance.

    Source: L. Breiman, Random Forests, Machine Learning 45, 2001, section 10.
    """
    numbers = np.random.default_rng(seed)
    drawn = np.sort(numbers.permutation(len(table))[:_ROWS])
    rows = table.iloc[drawn].reset_index(drop=True)
    target = model.target.encode(rows)

    def loss_of(changed: pd.DataFrame) -> float:
        outputs = model.predict(model.make_features(changed))
        measured = Predicted(model.card["task"], target, outputs).measure()
        return measured["rmse"] if model.card["task"] == "regression" else measured["log_loss"]

    before = loss_of(rows)
    grown = []
    for name in model.signature.names:
        orders = (numbers.permutation(len(rows)) for _ in range(_REPEATS))
        columns = (rows[name].iloc[order].reset_index(drop=True) for order in orders)
        losses = [loss_of(rows.assign(**{name: column})) for column in columns]
        grown.append((name, float(np.mean(losses)) - before))
    return sorted(grown, key=lambda pair: -pair[1])


def shap_values(model: Model, table: pd.DataFrame) -> list[tuple[str, float]]:
    """Return the mean absolute SHAP value of each feature, if the library computes them.

    Source: S. Lundberg, S. Lee, A Unified Approach to Interpreting Model Predictions, NIPS 2017.
    """
    features = model.make_features(table.head(_ROWS))
    values = model.library.explain(model.trained, features)
    if values is None:
        return []
    pairs = zip(model.features, values.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])
