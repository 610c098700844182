"""Evaluations: what a model predicts for test rows, measured, also by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kfpkit.helpers.curves import cheapest_threshold
from kfpkit.helpers.explanations import permutation_importances, shap_values
from kfpkit.helpers.metrics import Predicted, find_intervals
from kfpkit.helpers.models import Model
from kfpkit.helpers.targets import Target

_MOST_GROUPS = 20
_QUARTERS = 4


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows with the same value of a column, or with numbers in the same quarter.

    Args:
        column: The column.
        value: The value, or the range.
        rows: The number of rows.
        metrics: The metrics of these rows.
    """

    column: str
    value: str
    rows: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The measurement of a model on test rows.

    Args:
        card: The model's card.
        target: What it predicts.
        predicted: The rows with their predictions.
        metrics: The metrics by name.
        baseline: The same metrics of a prediction without features, from the training rows alone:
            the share of each class, or the mean; for `mae`, the median.
        intervals: The bootstrap interval of each metric, which covers 95 %.
        groups: The metrics by group.
        importances: How much the loss grows if a column is shuffled.
        shap: The mean absolute SHAP value of each feature. Empty if the library has none.
        cost: The mean cost of a row at the threshold. None if no costs were given.
    """

    card: Mapping[str, Any]
    target: Target
    predicted: Predicted
    metrics: Mapping[str, float]
    baseline: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    groups: tuple[Group, ...]
    importances: Sequence[tuple[str, float]]
    shap: Sequence[tuple[str, float]]
    cost: float | None = None


def evaluate(
    model: Model,
    table: pd.DataFrame,
    *,
    threshold: float = 0.5,
    costs: Mapping[str, float] | None = None,
    slices: Sequence[str] = (),
    smallest_group: int = 30,
    resamples: int = 200,
    seed: int = 0,
) -> Evaluation:
    """Measure a model on test rows.

    Args:
        model: The model.
        table: The test rows.
        threshold: The lowest probability at which a row is predicted as 1.
        costs: The costs of mistakes. If given, they decide the threshold.
        slices: Columns by which the rows are grouped.
        smallest_group: The fewest rows of a group that is measured.
        resamples: The number of bootstrap resamples.
        seed: The random seed.

    Returns:
        The evaluation.

    Raises:
        ValueError: A column is missing, the target has one class only, or a value is wrong.
    """
    target = model.target
    codes = target.encode(table)
    _require_both(target, codes)
    outputs = model.predict(model.make_features(table))
    cost = None
    if costs:
        _require_binary(target, "costs")
        threshold, cost = cheapest_threshold(codes, outputs[:, 1], costs)
    predicted = Predicted(target.task, codes, outputs, threshold)
    return Evaluation(
        card=model.card,
        target=target,
        predicted=predicted,
        metrics=predicted.measure(),
        baseline=_measure_baseline(model.card["baseline"], predicted),
        intervals=find_intervals(predicted, resamples=resamples, seed=seed) if resamples else {},
        groups=tuple(_measure_groups(predicted, table, slices, smallest_group)),
        importances=permutation_importances(model, table, seed),
        shap=shap_values(model, table),
        cost=cost,
    )


def _require_both(target: Target, codes: np.ndarray) -> None:
    if target.task != "regression" and len(set(codes.tolist())) == 1:
        raise ValueError(
            f"The target `{target.name}` has only the value `{target.classes[codes[0]]}` in the "
            "test data, so most metrics are not defined. Use more rows, or another split."
        )


def _require_binary(target: Target, name: str) -> None:
    if target.task != "binary":
        raise ValueError(f"`{name}` is for the task `binary`, but the model's is `{target.task}`.")


def _measure_baseline(baseline: Sequence[float], predicted: Predicted) -> dict[str, float]:
    rows = len(predicted.target)
    if predicted.task != "regression":
        outputs = np.tile(np.array(baseline), (rows, 1))
        return Predicted(predicted.task, predicted.target, outputs, predicted.threshold).measure()
    mean, median = (
        Predicted("regression", predicted.target, np.full(rows, value)).measure()
        for value in baseline
    )
    return {**mean, "mae": median["mae"]}


def _measure_groups(
    predicted: Predicted, table: pd.DataFrame, slices: Sequence[str], smallest: int
) -> list[Group]:
    groups = []
    for column in slices:
        if column not in table.columns:
            raise ValueError(
                f"`slices` names the column `{column}`, which the test data does not have."
            )
        values = _group_values(table[column])
        counts = values.value_counts()
        shown = counts[counts >= smallest].head(_MOST_GROUPS)
        for value, count in sorted(shown.items(), key=lambda pair: (-pair[1], str(pair[0]))):
            rows = np.flatnonzero((values == value).to_numpy())
            measured = predicted.take(rows).measure()
            groups.append(Group(column=column, value=str(value), rows=int(count), metrics=measured))
    return groups


def _group_values(values: pd.Series) -> pd.Series:
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if (is_number and values.nunique() > _MOST_GROUPS) or (
        pd.api.types.is_datetime64_any_dtype(values)
    ):
        quarters = pd.qcut(values, _QUARTERS, duplicates="drop")
        names = {
            each: f"{_edge(each.left)} to {_edge(each.right)}" for each in quarters.cat.categories
        }
        values = quarters.astype(object).map(names)
    return values.astype(object).where(values.notna(), "missing").astype(str)


def _edge(value: Any) -> str:
    return str(value)[:19] if isinstance(value, pd.Timestamp) else f"{value:.4g}"
