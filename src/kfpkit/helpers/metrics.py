"""Metrics of predictions for each task, with weights of rows.

The formulas are those of scikit-learn's `sklearn.metrics`, to which a test compares them. They are
computed here because a bootstrap needs them some hundred times, with other weights for the same
rows: sorting once is then most of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

_TINY = np.finfo("float64").eps


@dataclass(frozen=True)
class Predicted:
    """Rows with their target and what was predicted.

    Args:
        task: `binary`, `multiclass` or `regression`.
        target: The number of the class, or the value, of each row.
        outputs: The probability of each class, one row each, or the predicted values.
        threshold: For `binary`, the lowest probability at which a row is predicted as 1.
    """

    task: str
    target: np.ndarray
    outputs: np.ndarray
    threshold: float = 0.5

    def take(self, rows: np.ndarray) -> Predicted:
        """Return some of the rows."""
        return Predicted(self.task, self.target[rows], self.outputs[rows], self.threshold)

    @cached_property
    def chosen(self) -> np.ndarray:
        """The predicted class of each row."""
        if self.task == "binary":
            of_one: np.ndarray = (self.outputs[:, 1] >= self.threshold).astype("int64")
            return of_one
        likeliest: np.ndarray = self.outputs.argmax(axis=1)
        return likeliest

    @cached_property
    def row_losses(self) -> np.ndarray:
        """The negative logarithm of the probability of each row's class."""
        of_class = self.outputs[np.arange(len(self.target)), self.target]
        losses: np.ndarray = -np.log(np.clip(of_class, _TINY, 1 - _TINY))
        return losses

    @cached_property
    def ties(self) -> list[np.ndarray]:
        """For each class, the rank of its probability in each row. Equal ones share a rank."""
        return [np.unique(of_class, return_inverse=True)[1] for of_class in self.outputs.T]

    def measure(self, weights: np.ndarray | None = None) -> dict[str, float]:
        """Return the metrics by name.

        Args:
            weights: The weight of each row. None if all are the same.

        Returns:
            For `binary`: `accuracy`, `precision`, `recall` and `f1` at the threshold (0 if no row
            is predicted as 1), `roc_auc`, `average_precision`, `log_loss` (natural logarithm) and
            `brier_score`. For `multiclass`: `accuracy`, `balanced_accuracy`, `macro_f1`,
            `roc_auc` (mean of each class against the rest) and `log_loss`. For `regression`:
            `rmse`, `mae` and `r2`. A metric is NaN if the rows do not define it, such as `roc_auc`
            of rows with one class.
        """
        weighed = np.ones(len(self.target)) if weights is None else weights
        if self.task == "regression":
            return self._measure_values(weighed)
        common = {
            "accuracy": _mean(self.chosen == self.target, weighed),
            "log_loss": _mean(self.row_losses, weighed),
        }
        if self.task == "binary":
            return {**common, **self._measure_binary(weighed)}
        return {**common, **self._measure_classes(weighed)}

    def _measure_binary(self, weights: np.ndarray) -> dict[str, float]:
        hits = weights[(self.chosen == 1) & (self.target == 1)].sum()
        predicted, actual = weights[self.chosen == 1].sum(), weights[self.target == 1].sum()
        distances = (self.outputs[:, 1] - self.target) ** 2
        return {
            "precision": _share(hits, predicted, empty=0.0),
            "recall": _share(hits, actual, empty=0.0),
            "f1": _share(2 * hits, predicted + actual, empty=0.0),
            "roc_auc": _roc_auc(self.ties[1], self.target == 1, weights),
            "average_precision": _average_precision(self.ties[1], self.target == 1, weights),
            "brier_score": _mean(distances, weights),
        }

    def _measure_classes(self, weights: np.ndarray) -> dict[str, float]:
        count = self.outputs.shape[1]
        hits = np.bincount(self.target, weights * (self.chosen == self.target), count)
        actual = np.bincount(self.target, weights, count)
        predicted = np.bincount(self.chosen, weights, count)
        present = actual > 0
        recalls = hits[present] / actual[present]
        scores = 2 * hits[present] / (actual + predicted)[present]
        ranked = [
            _roc_auc(self.ties[label], self.target == label, weights)
            for label in np.flatnonzero(present)
        ]
        return {
            "balanced_accuracy": float(recalls.mean()),
            "macro_f1": float(scores.mean()),
            "roc_auc": float(np.mean(ranked)),
        }

    def _measure_values(self, weights: np.ndarray) -> dict[str, float]:
        errors = self.outputs - self.target
        squared = _mean(errors**2, weights)
        spread = _mean((self.target - _mean(self.target, weights)) ** 2, weights)
        return {
            "rmse": float(np.sqrt(squared)),
            "mae": _mean(np.abs(errors), weights),
            "r2": float(1 - squared / spread) if spread > 0 else float("nan"),
        }


def find_intervals(
    predicted: Predicted, *, resamples: int = 200, seed: int = 0, coverage: float = 0.95
) -> dict[str, tuple[float, float]]:
    """Return the bootstrap interval of each metric, by percentiles.

    Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.

    Args:
        predicted: The rows.
        resamples: The number of resamples.
        seed: The random seed.
        coverage: The share of resamples within the interval.

    Returns:
        The lower and the upper end, by name of the metric.
    """
    numbers = np.random.default_rng(seed)
    rows = len(predicted.target)
    drawn = [
        predicted.measure(
            np.bincount(numbers.integers(0, rows, rows), minlength=rows).astype(float)
        )
        for _ in range(resamples)
    ]
    ends = [(1 - coverage) / 2, (1 + coverage) / 2]
    intervals = {}
    for name in drawn[0]:
        values = np.array([each[name] for each in drawn])
        known = values[~np.isnan(values)]
        if len(known):
            low, high = np.quantile(known, ends)
            intervals[name] = (float(low), float(high))
    return intervals


def confusion_matrix(predicted: Predicted) -> list[list[int]]:
    """Count rows by label (first index) and prediction (second index)."""
    count = predicted.outputs.shape[1]
    pairs = np.bincount(predicted.target * count + predicted.chosen, minlength=count * count)
    counts: list[list[int]] = pairs.reshape(count, count).tolist()
    return counts


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights))


def _share(part: float, whole: float, *, empty: float) -> float:
    return float(part / whole) if whole else empty


def _roc_auc(ranks: np.ndarray, is_one: np.ndarray, weights: np.ndarray) -> float:
    """Return the share of pairs of a 1 and a 0 in which the 1 is ranked higher; ties are half."""
    ones = np.bincount(ranks, weights * is_one)
    zeros = np.bincount(ranks, weights * ~is_one)
    pairs = ones.sum() * zeros.sum()
    below = np.cumsum(zeros) - zeros / 2
    return _share(float((ones * below).sum()), float(pairs), empty=float("nan"))


def _average_precision(ranks: np.ndarray, is_one: np.ndarray, weights: np.ndarray) -> float:
    ones = np.bincount(ranks, weights * is_one)[::-1]
    rows = np.bincount(ranks, weights)[::-1]
    hits, predicted = np.cumsum(ones), np.cumsum(rows)
    precisions = hits / np.where(predicted > 0, predicted, 1)
    return _share(float((ones * precisions).sum()), float(ones.sum()), empty=float("nan"))
