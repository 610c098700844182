"""Distributions of columns: their kind, and how two of them differ.

Sources of the measures:

    PSI                  population stability index. N. Siddiqi, Credit Risk Scorecards, Wiley,
                         2006. Its distribution without a change is about (1/n + 1/m) times
                         chi-squared with (bins - 1) degrees of freedom: B. Yurdakul, Statistical
                         Properties of Population Stability Index, Western Michigan University,
                         2018
    Jensen-Shannon       the distance, from 0 to 1, with logarithms to the base 2. J. Lin,
                         Divergence Measures Based on the Shannon Entropy, IEEE Transactions on
                         Information Theory 37(1), 1991; `scipy.spatial.distance.jensenshannon`
    Kolmogorov-Smirnov   the largest distance of two distribution functions, from 0 to 1, for
                         numbers and times; `scipy.stats.ks_2samp`
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, ks_2samp

_BINS = 10
_MOST_CATEGORIES = 50
# Empty bins count as half a row, so that their logarithm exists.
_EMPTY = 0.5
_CONFIDENCE = 0.999


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far a column differs between two tables.

    Args:
        column: The column.
        kind: `number`, `time`, `category` or `length` (of strings with many values).
        psi: The population stability index.
        jensen_shannon: The Jensen-Shannon distance.
        kolmogorov_smirnov: The statistic. None for categories.
        missing: The shares of missing values in both tables.
        is_significant: Whether chance alone hardly explains the index.
    """

    column: str
    kind: str
    psi: float
    jensen_shannon: float
    kolmogorov_smirnov: float | None
    missing: tuple[float, float]
    is_significant: bool


def kind_of(column: pd.Series) -> str:
    """Return `number`, `time`, `category` or `length`."""
    if pd.api.types.is_bool_dtype(column):
        return "category"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "time"
    present = column.dropna()
    if len(present) and not isinstance(present.iloc[0], str):
        as_times = pd.to_datetime(present, errors="coerce")
        if as_times.notna().all():
            return "time"
    distinct = present.map(str).nunique()
    return "length" if distinct > _MOST_CATEGORIES and distinct > len(present) / 20 else "category"


def values_of(column: pd.Series, kind: str) -> pd.Series:
    """Return a column as numbers, or as strings for categories. Missing values stay missing."""
    if kind == "number":
        # Decimals too. An infinite number has no place in a histogram.
        numbers = pd.to_numeric(column, errors="coerce").astype("float64")
        return numbers.replace([np.inf, -np.inf], np.nan)
    if kind == "time":
        times = pd.to_datetime(column, errors="coerce", utc=True)
        return times.dt.as_unit("us").astype("int64").astype("float64").where(times.notna())
    texts = column.map(str).where(column.notna())
    return texts.str.len().astype("float64") if kind == "length" else texts


def difference_of(column: str, before: pd.Series, after: pd.Series) -> Difference:
    """Compare a column of two tables.

    Args:
        column: The column's name.
        before: Its values in the reference.
        after: Its values in the other table.
    """
    kind = kind_of(before)
    first, second = values_of(before, kind), values_of(after, kind)
    counts = _category_counts(first, second) if kind == "category" else _bin_counts(first, second)
    psi = _population_stability(*counts)
    bins = len(counts[0])
    limit = chi2.ppf(_CONFIDENCE, max(bins - 1, 1)) * (1 / len(before) + 1 / len(after))
    statistic = None
    if kind != "category" and first.notna().any() and second.notna().any():
        statistic = float(ks_2samp(first.dropna(), second.dropna(), method="asymp").statistic)
    return Difference(
        column=column,
        kind=kind,
        psi=psi,
        jensen_shannon=float(jensenshannon(*counts, base=2)),
        kolmogorov_smirnov=statistic,
        missing=(float(before.isna().mean()), float(after.isna().mean())),
        is_significant=psi > limit,
    )


def _population_stability(before: np.ndarray, after: np.ndarray) -> float:
    expected = np.maximum(before, _EMPTY) / before.sum()
    found = np.maximum(after, _EMPTY) / after.sum()
    return float(np.sum((found - expected) * np.log(found / expected)))


def _bin_counts(before: pd.Series, after: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Count values by the deciles of the reference. The last bin has the missing values."""
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    present = before.dropna()
    edges = np.unique(present.quantile(inner)) if len(present) else np.array([0.0])
    counts = []
    for values in (before, after):
        places = np.searchsorted(edges, values.dropna(), side="right")
        counts.append(np.append(np.bincount(places, minlength=len(edges) + 1), values.isna().sum()))
    return _used(*counts)


def _category_counts(before: pd.Series, after: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Count the most frequent categories. The last two bins have all others, and the missing."""
    frequent = before.value_counts().index[:_MOST_CATEGORIES]
    counts = []
    for values in (before, after):
        found = values.value_counts()
        each = found.reindex(frequent, fill_value=0).to_numpy()
        counts.append(np.append(each, [found.sum() - each.sum(), values.isna().sum()]))
    return _used(*counts)


def _used(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    used = before + after > 0
    return before[used].astype("float64"), after[used].astype("float64")
