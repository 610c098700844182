"""Profiles of tables: types, gaps, distributions, duplicates, correlations and leakage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from kfpkit.helpers.distributions import kind_of, values_of
from kfpkit.helpers.leakage import predictive_power
from kfpkit.helpers.repetitions import MOST, Repeated, RepetitionCounter
from kfpkit.helpers.table_samples import sample_table
from kfpkit.helpers.tables import StoredTable, require_names

_BINS = 20
_CORRELATED = 0.9
_SUSPICIOUS = 0.9
_MOST_PAIRS = 30
_MOST_GAPS = 0.5


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """What a column contains.

    Args:
        name: The column.
        type: Its type in Parquet.
        kind: `number`, `time`, `category` or `length` (of strings with many values).
        gaps: The share of missing values, of all rows.
        distinct: The number of different values in the sample.
        quantiles: The 5 %, 50 % and 95 % quantiles of numbers, times and lengths.
        histogram: The counts of the sample in 20 bins of the same width.
        counts: The counts of the most frequent values in the sample.
        infinite: Whether there are infinite numbers.
    """

    name: str
    type: str
    kind: str
    gaps: float
    distinct: int
    quantiles: tuple[float, ...]
    histogram: tuple[int, ...]
    counts: Mapping[str, int]
    infinite: bool


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a table contains.

    Args:
        rows: The number of rows.
        sampled: How many of them the sample has.
        columns: Its columns.
        doubled_rows: How many rows repeat an earlier one.
        doubled_keys: How many rows have the key of an earlier one.
        correlated: Pairs of columns with their rank correlation.
        suspects: Columns that predict the target too well, with the share of errors they avoid.
    """

    rows: int
    sampled: int
    columns: tuple[ColumnProfile, ...]
    doubled_rows: Repeated
    doubled_keys: Repeated
    correlated: tuple[tuple[str, str, float], ...]
    suspects: Mapping[str, float]

    @property
    def findings(self) -> tuple[tuple[str, str], ...]:
        """What to look at before training, as column and sentence."""
        found = [
            (name, f"predicts {share:.0%} of the target alone: is it known in time?")
            for name, share in self.suspects.items()
        ]
        for each in self.columns:
            if each.gaps == 1:
                found.append((each.name, "has no values"))
            elif each.distinct == 1:
                found.append((each.name, "has the same value in all rows"))
            elif each.gaps > _MOST_GAPS:
                found.append((each.name, f"is missing in {each.gaps:.0%} of the rows"))
            if each.infinite:
                found.append((each.name, "contains infinite numbers"))
            if each.kind == "length" and each.distinct == self.sampled > 1:
                found.append((each.name, "is different in every row, like an identifier"))
        if self.doubled_rows.count:
            found.append(("all", f"{self.doubled_rows} rows repeat an earlier row"))
        if self.doubled_keys.count:
            found.append(("the key", f"{self.doubled_keys} rows repeat the key of an earlier row"))
        return tuple(found)


def profile_table(
    table: StoredTable, *, key: str, target: str, most_rows: int, most_different: int = MOST
) -> Profile:
    """Describe a table.

    Gaps are exact, and so are duplicates if there are few different rows. Everything else comes
    from rows at even distances.

    Args:
        table: The table.
        key: The column that identifies a row. Empty if there is none.
        target: The column that a model is to predict. Empty if there is none.
        most_rows: The most rows of the sample.
        most_different: The most different rows, and keys, whose duplicates are counted exactly.

    Raises:
        ValueError: The table has no rows, or a column is missing.
    """
    require_names(table.schema.names, [name for name in (key, target) if name])
    sample = sample_table(table, most_rows)
    gaps, doubled_rows, doubled_keys = _count_all(table, key, most_different)
    features = [name for name in sample if name not in {key, target}]
    powers = {name: predictive_power(sample[name], sample[target]) for name in features if target}
    return Profile(
        rows=table.rows,
        sampled=len(sample),
        columns=tuple(
            _column_profile(sample[field.name], str(field.type), gaps[field.name] / table.rows)
            for field in table.schema
        ),
        doubled_rows=doubled_rows,
        doubled_keys=doubled_keys,
        correlated=_correlated(sample[features]),
        suspects={name: power for name, power in powers.items() if power >= _SUSPICIOUS},
    )


def _count_all(
    table: StoredTable, key: str, most: int
) -> tuple[dict[str, int], Repeated, Repeated]:
    gaps = dict.fromkeys(table.schema.names, 0)
    rows, keys = RepetitionCounter(most), RepetitionCounter(most)
    for batch in table.batches():
        for name in gaps:
            empty = pc.is_null(batch.column(name), nan_is_null=True)
            gaps[name] += pc.sum(empty).as_py() or 0
        frame = batch.to_pandas()
        rows.add(_hashes_of(frame))
        if key:
            keys.add(_hashes_of(frame[[key]]))
    return gaps, rows.count(), keys.count()


def _hashes_of(frame: pd.DataFrame) -> np.ndarray:
    # Lists and structures have no hash; their strings do.
    plain = frame.apply(lambda column: column.map(str) if column.dtype == object else column)
    return pd.util.hash_pandas_object(plain, index=False).to_numpy()


def _column_profile(column: pd.Series, kind_in_file: str, gaps: float) -> ColumnProfile:
    kind = kind_of(column)
    texts = column[column.notna()].map(str)
    quantiles: tuple[float, ...] = ()
    histogram: tuple[int, ...] = ()
    if kind != "category" and (values := values_of(column, kind).dropna()).size:
        quantiles = tuple(values.quantile([0.05, 0.5, 0.95]).tolist())
        histogram = tuple(np.histogram(values, bins=_BINS)[0].tolist())
    is_number = pd.api.types.is_float_dtype(column)
    return ColumnProfile(
        name=str(column.name),
        type=kind_in_file,
        kind=kind,
        gaps=gaps,
        distinct=int(texts.nunique()),
        quantiles=quantiles,
        histogram=histogram,
        counts=texts.value_counts().head(5).to_dict() if kind == "category" else {},
        infinite=bool(np.isinf(column).any()) if is_number else False,
    )


def _correlated(features: pd.DataFrame) -> tuple[tuple[str, str, float], ...]:
    """Return pairs with a rank correlation (Spearman, 1904) of at least 0.9 in either direction."""
    numbers = {
        name: values_of(features[name], "number")
        for name in features
        if kind_of(features[name]) == "number"
    }
    if not numbers:
        return ()
    matrix = pd.DataFrame(numbers).rank().corr().to_numpy()
    names = list(numbers)
    pairs = [
        (names[row], names[column], float(matrix[row, column]))
        for row, column in zip(*np.triu_indices(len(names), 1), strict=True)
        if abs(matrix[row, column]) >= _CORRELATED
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair[2]))[:_MOST_PAIRS])
