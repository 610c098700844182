"""Metrics of a binary classifier from labels and probabilities, computed by scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn import metrics

_MOST_ROC_POINTS = 200


@dataclass(frozen=True, kw_only=True)
class RocCurve:
    """The points of a receiver operating characteristic curve, from (0, 0) to (1, 1).

    Args:
        false_positive_rates: One for each threshold.
        true_positive_rates: One for each threshold.
        thresholds: Finite probabilities in descending order, from 1.
    """

    false_positive_rates: tuple[float, ...]
    true_positive_rates: tuple[float, ...]
    thresholds: tuple[float, ...]


def scores(labels: np.ndarray, probabilities: np.ndarray, threshold: float) -> dict[str, float]:
    """Return the metrics of predictions.

    Args:
        labels: 0 or 1 for each row. Both must occur.
        probabilities: The predicted probability of 1 for each row.
        threshold: The lowest probability at which a row is predicted as 1.

    Returns:
        `accuracy`, `precision`, `recall` and `f1` at the threshold (0 if no row is predicted as 1),
        and `roc_auc` and `log_loss` of the probabilities.
    """
    predicted = probabilities >= threshold
    return {
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "precision": float(metrics.precision_score(labels, predicted, zero_division=0)),
        "recall": float(metrics.recall_score(labels, predicted, zero_division=0)),
        "f1": float(metrics.f1_score(labels, predicted, zero_division=0)),
        "roc_auc": float(metrics.roc_auc_score(labels, probabilities)),
        "log_loss": float(metrics.log_loss(labels, probabilities, labels=[0, 1])),
    }


def confusion_matrix(
    labels: np.ndarray, probabilities: np.ndarray, threshold: float
) -> list[list[int]]:
    """Count rows by label (first index) and prediction (second index)."""
    predicted = probabilities >= threshold
    counts: list[list[int]] = metrics.confusion_matrix(labels, predicted, labels=[0, 1]).tolist()
    return counts


def roc_curve(labels: np.ndarray, probabilities: np.ndarray) -> RocCurve:
    """Return the curve, with at most 200 points, including both ends."""
    false_positives, true_positives, thresholds = metrics.roc_curve(labels, probabilities)
    chosen = np.unique(
        np.linspace(0, len(thresholds) - 1, min(len(thresholds), _MOST_ROC_POINTS)).astype(int)
    )
    return RocCurve(
        false_positive_rates=tuple(false_positives[chosen].tolist()),
        true_positive_rates=tuple(true_positives[chosen].tolist()),
        # scikit-learn starts at infinity, which KFP refuses to keep.
        thresholds=tuple(np.minimum(thresholds[chosen], 1.0).tolist()),
    )
