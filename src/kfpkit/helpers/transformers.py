"""Transformers: columns of a signature to numbers, for scikit-learn's `ColumnTransformer`.

Each class learns from training rows without looking at the target, so transformed training rows
tell a model no more than transformed test rows. What it has learned is a plain attribute with a
trailing underscore. Each row is transformed by itself: a row alone gives the same bits as within a
table.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

_DATE_PARTS = {
    "year": "year",
    "month": "month",
    "day": "day",
    "weekday": "day_of_week",
    "hour": "hour",
}
_NANOSECONDS_OF_DAY = 86_400_000_000_000


class _Columns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What all transformers have: the names of the columns that they were fitted with."""

    def _remember(self, table: pd.DataFrame) -> None:
        self.feature_names_in_ = np.array(list(table.columns), dtype=object)
        self.n_features_in_ = len(table.columns)

    def _make_empty(self, table: pd.DataFrame) -> np.ndarray:
        # Column by column in memory, as tables are written and read.
        return np.zeros((len(table), len(self.features_)), order="F")

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:  # noqa: ARG002
        """Return the names of the features."""
        return np.array(self.features_, dtype=object)


class Numbers(_Columns):
    """Numbers: gaps filled, optionally with a feature that tells them, and scaled.

    A gap indicator exists for columns with gaps in training. A gap in another column is filled.

    Args:
        impute: `median`, `mean`, or `keep` for libraries that understand missing values.
        indicator: Whether a feature `NAME_is_missing` tells the gaps.
        scale: Whether to subtract the mean and divide by the standard deviation.
    """

    def __init__(
        self,
        impute: str = "median",
        indicator: bool = True,  # noqa: FBT001, FBT002 - scikit-learn's form
        scale: bool = True,  # noqa: FBT001, FBT002 - scikit-learn's form
    ) -> None:
        self.impute = impute
        self.indicator = indicator
        self.scale = scale

    def fit(self, table: pd.DataFrame, y: Any = None) -> Numbers:  # noqa: ARG002
        """Learn what fills gaps, which columns have them, and the scale."""
        self._remember(table)
        numbers = table.to_numpy(dtype="float64")
        middle = np.nanmean if self.impute == "mean" else np.nanmedian
        self.fill_ = middle(numbers, axis=0)
        gaps = np.isnan(numbers)
        self.with_gaps_ = np.flatnonzero(gaps.any(axis=0) & self.indicator)
        filled = np.where(gaps, self.fill_, numbers)
        width = filled.std(axis=0)
        # What is constant but for its rounding must not be blown up to noise.
        tiny = 10 * np.finfo("float64").eps * np.abs(filled).max(axis=0, initial=0)
        self.center_ = filled.mean(axis=0) if self.scale else np.zeros(numbers.shape[1])
        self.width_ = np.where((width > tiny) & self.scale, width, 1.0)
        names = [str(name) for name in table.columns]
        self.features_ = [*names, *(f"{names[gap]}_is_missing" for gap in self.with_gaps_)]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Return the numbers, and then the indicators."""
        numbers = table.to_numpy(dtype="float64")
        gaps = np.isnan(numbers)
        filled = numbers if self.impute == "keep" else np.where(gaps, self.fill_, numbers)
        features = self._make_empty(table)
        scaled = features[:, : numbers.shape[1]]
        np.subtract(filled, self.center_, out=scaled)
        scaled /= self.width_
        features[:, numbers.shape[1] :] = gaps[:, self.with_gaps_]
        return features


class FewCategories(_Columns):
    """Categories with few values: one feature for each, 1 or 0, and one for missing.

    The list is fixed in training: the values in at least `least_rows` rows, and at most
    `most_values`. Any other value is missing.

    Args:
        least_rows: The lowest number of training rows with a value.
        most_values: The largest number of values of a column.
    """

    def __init__(self, least_rows: int = 2, most_values: int = 50) -> None:
        self.least_rows = least_rows
        self.most_values = most_values

    def fit(self, table: pd.DataFrame, y: Any = None) -> FewCategories:  # noqa: ARG002
        """Fix the list of each column."""
        self._remember(table)
        self.values_ = [
            sorted(value for value, _ in _counted(table.iloc[:, at], self)[: self.most_values])
            for at in range(len(table.columns))
        ]
        self.features_ = [
            f"{name}_{end}"
            for name, values in zip(table.columns, self.values_, strict=True)
            for end in (*values, "is_missing")
        ]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Return one feature for each value."""
        features, rows, first = self._make_empty(table), np.arange(len(table)), 0
        for at, values in enumerate(self.values_):
            codes = pd.Index(values, dtype=object).get_indexer(table.iloc[:, at])
            # The last feature is that of missing, whose code is -1.
            features[rows, first + np.where(codes < 0, len(values), codes)] = 1.0
            first += len(values) + 1
        return features


class ManyCategories(_Columns):
    """Categories with many values: how frequent the value is, as rank and as share of rows.

    The target takes no part, unlike in target encoding, where training rows would tell their own
    target unless encoded out of fold. The list is fixed in training. Any other value, and a missing
    one, has the rank -1 and the share 0.

    Args:
        least_rows: The lowest number of training rows with a value.
    """

    def __init__(self, least_rows: int = 2) -> None:
        self.least_rows = least_rows

    def fit(self, table: pd.DataFrame, y: Any = None) -> ManyCategories:  # noqa: ARG002
        """Fix the list of each column, and the shares."""
        self._remember(table)
        counted = [_counted(table.iloc[:, at], self) for at in range(len(table.columns))]
        self.values_ = [[value for value, _ in pairs] for pairs in counted]
        self.shares_ = [
            np.array([*(count / max(len(table), 1) for _, count in pairs), 0.0])
            for pairs in counted
        ]
        ends = ("rank", "share")
        self.features_ = [f"{name}_{end}" for name in table.columns for end in ends]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Return rank and share of each column."""
        features = self._make_empty(table)
        for at, (values, shares) in enumerate(zip(self.values_, self.shares_, strict=True)):
            codes = pd.Index(values, dtype=object).get_indexer(table.iloc[:, at])
            features[:, 2 * at], features[:, 2 * at + 1] = codes, shares[codes]
        return features


class Dates(_Columns):
    """Dates: year, month, day, weekday (0 is Monday), hour, and days since 1970; and if missing.

    Args:
        zone: The time zone in which the parts of a date with a zone are read, such as
            `America/New_York`. Without effect on dates without a zone.
    """

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = zone

    def fit(self, table: pd.DataFrame, y: Any = None) -> Dates:  # noqa: ARG002
        """Learn the mean of each part, which stands for a missing one."""
        self._remember(table)
        columns = [self._parts_of(table.iloc[:, at]) for at in range(len(table.columns))]
        self.fill_ = [np.nan_to_num(_mean(parts)) for parts in columns]
        ends = (*_DATE_PARTS, "days", "is_missing")
        self.features_ = [f"{name}_{end}" for name in table.columns for end in ends]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Return the parts of each column."""
        features, width = self._make_empty(table), len(_DATE_PARTS) + 2
        for at, fill in enumerate(self.fill_):
            parts = self._parts_of(table.iloc[:, at])
            gaps = np.isnan(parts)
            last = (at + 1) * width - 1
            features[:, at * width : last] = np.where(gaps, fill, parts)
            features[:, last] = gaps[:, 0]
        return features

    def _parts_of(self, dates: pd.Series) -> np.ndarray:
        if dates.dt.tz is not None:
            dates = dates.dt.tz_convert(self.zone).dt.tz_localize(None)
        known = dates.notna().to_numpy()
        # Two versions of pandas parse the same string to other units.
        days = dates.dt.as_unit("ns").astype("int64").to_numpy() / _NANOSECONDS_OF_DAY
        of_calendar = (getattr(dates.dt, part).to_numpy("float64") for part in _DATE_PARTS.values())
        return np.array([*of_calendar, np.where(known, days, np.nan)]).T


class Texts(_Columns):
    """Text: word frequencies (TF-IDF), reduced to few numbers by latent semantic analysis.

    Source: S. Deerwester et al., Indexing by Latent Semantic Analysis, Journal of the American
    Society for Information Science 41 (6), 1990, with scikit-learn's `TfidfVectorizer` and
    `TruncatedSVD`.

    Args:
        parts: The number of features of a column, at most.
        most_words: The number of words that are counted, the most frequent ones.
        seed: The random seed.
    """

    def __init__(self, parts: int = 8, most_words: int = 5000, seed: int = 0) -> None:
        self.parts = parts
        self.most_words = most_words
        self.seed = seed

    def fit(self, table: pd.DataFrame, y: Any = None) -> Texts:  # noqa: ARG002
        """Learn the words of each column, and their directions."""
        self._remember(table)
        self.vectorizers_, self.directions_ = [], []
        self.features_ = []
        for at, name in enumerate(table.columns):
            vectorizer = TfidfVectorizer(max_features=self.most_words, sublinear_tf=True)
            try:
                counts = vectorizer.fit_transform(_texts(table.iloc[:, at]))
            except ValueError as error:
                raise ValueError(
                    f"The text column `{name}` has no words ({error}). Put it in `leave_out`."
                ) from None
            parts = max(1, min(self.parts, *(side - 1 for side in counts.shape)))
            svd = TruncatedSVD(parts, random_state=self.seed)
            self.vectorizers_.append(vectorizer)
            self.directions_.append(svd.fit(counts).components_.T.copy())
            self.features_ += [f"{name}_text_{part + 1}" for part in range(parts)]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Return the parts of each column."""
        columns = [np.empty((len(table), 0))]
        pairs = zip(self.vectorizers_, self.directions_, strict=True)
        for at, (vectorizer, directions) in enumerate(pairs):
            counts = vectorizer.transform(_texts(table.iloc[:, at]))
            columns.append(np.asarray(counts @ directions))
        return np.hstack(columns)


def _counted(values: pd.Series, transformer: Any) -> list[tuple[str, int]]:
    """Return values and counts, the most frequent first, and then in alphabetical order."""
    counts = values.value_counts()
    frequent = counts[counts >= transformer.least_rows]
    pairs = zip(frequent.index.tolist(), frequent.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _mean(parts: np.ndarray) -> np.ndarray:
    known = ~np.isnan(parts)
    mean: np.ndarray = np.where(known, parts, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return mean


def _texts(values: pd.Series) -> list[str]:
    return ["" if value is None else value for value in values.to_numpy(dtype=object)]
