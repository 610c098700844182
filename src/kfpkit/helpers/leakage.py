"""Columns that predict the target too well: they may be known only afterwards.

Each column alone predicts the target: by the most frequent class, or the mean, of the rows with the
same value or in the same of 50 quantiles. Half of the rows give the prediction, the other half
measures it, so that identifiers, which are different in each row, don't seem to predict anything.

The measure is the share of errors that the column avoids: for classes Goodman and Kruskal's lambda
(Measures of Association for Cross Classifications, Journal of the American Statistical Association
49, 1954), for numbers the coefficient of determination.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kfpkit.helpers.distributions import kind_of, values_of

_MOST_CLASSES = 20
_QUANTILES = 50


def predictive_power(column: pd.Series, target: pd.Series) -> float:
    """Return the share of errors that a column avoids in predicting the target, up to 1."""
    known = target.notna()
    codes, values = _codes_of(column[known]), target[known]
    learned = np.arange(len(values)) % 2 == 0
    if learned.all():
        return 0.0
    if kind_of(values) in {"number", "time"} and values.nunique() > _MOST_CLASSES:
        return _determination(codes, values_of(values, kind_of(values)).to_numpy(), learned)
    return _lambda(codes, pd.factorize(values.map(str))[0], learned)


def _codes_of(column: pd.Series) -> np.ndarray:
    kind = kind_of(column)
    if kind not in {"number", "time"}:
        return pd.factorize(column.map(str).where(column.notna()))[0]
    numbers = values_of(column, kind)
    if numbers.nunique() <= _QUANTILES:
        return pd.factorize(numbers)[0]
    edges = np.unique(numbers.quantile(np.linspace(0, 1, _QUANTILES + 1)[1:-1]))
    return np.where(numbers.isna(), -1, np.searchsorted(edges, numbers, side="right"))


def _lambda(codes: np.ndarray, classes: np.ndarray, learned: np.ndarray) -> float:
    table = pd.crosstab(codes[learned], classes[learned])
    common = int(np.bincount(classes[learned]).argmax())
    predicted = pd.Series(codes[~learned]).map(table.idxmax(axis=1)).fillna(common)
    errors = float((predicted.to_numpy() != classes[~learned]).mean())
    without = float((classes[~learned] != common).mean())
    return 1 - errors / without if without else 0.0


def _determination(codes: np.ndarray, values: np.ndarray, learned: np.ndarray) -> float:
    means = pd.Series(values[learned]).groupby(codes[learned]).mean()
    overall = float(values[learned].mean())
    predicted = pd.Series(codes[~learned]).map(means).fillna(overall).to_numpy()
    without = float(((values[~learned] - overall) ** 2).sum())
    return 1 - float(((values[~learned] - predicted) ** 2).sum()) / without if without else 0.0
