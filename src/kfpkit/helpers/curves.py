"""Curves of a binary classifier over its thresholds, and the threshold that costs least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

_MOST_POINTS = 200
_COSTS = ("false_positive", "false_negative")


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


@dataclass(frozen=True, kw_only=True)
class CalibrationBin:
    """Rows with similar probabilities.

    Args:
        predicted: Their mean probability of 1.
        actual: The share of 1 among them.
        rows: Their number.
    """

    predicted: float
    actual: float
    rows: int


def roc_curve(labels: np.ndarray, probabilities: np.ndarray) -> RocCurve:
    """Return the curve, with at most 200 points, including both ends."""
    counted = _count_above(labels, probabilities)
    hits, others, thresholds = (np.concatenate([[first], each]) for first, each in counted)
    chosen = _thinned(len(thresholds))
    return RocCurve(
        false_positive_rates=tuple((others / max(others[-1], 1))[chosen].tolist()),
        true_positive_rates=tuple((hits / max(hits[-1], 1))[chosen].tolist()),
        thresholds=tuple(np.minimum(thresholds, 1.0)[chosen].tolist()),
    )


def precision_recall_points(
    labels: np.ndarray, probabilities: np.ndarray
) -> list[tuple[float, float]]:
    """Return recall and precision for at most 200 thresholds, in order of recall."""
    (_, hits), (_, others), _ = _count_above(labels, probabilities)
    points = np.column_stack([hits / max(hits[-1], 1), hits / (hits + others)])
    return [(float(recall), float(precision)) for recall, precision in points[_thinned(len(hits))]]


def calibration_bins(
    labels: np.ndarray, probabilities: np.ndarray, bins: int = 10
) -> list[CalibrationBin]:
    """Return up to ten bins with about as many rows each, in order of probability.

    Source: A. Niculescu-Mizil, R. Caruana, Predicting Good Probabilities with Supervised Learning,
    ICML 2005, with bins of equal size.
    """
    edges = np.unique(np.quantile(probabilities, np.linspace(0, 1, bins + 1)))
    places = np.clip(np.searchsorted(edges, probabilities, "right") - 1, 0, max(len(edges) - 2, 0))
    return [
        CalibrationBin(
            predicted=float(probabilities[places == place].mean()),
            actual=float(labels[places == place].mean()),
            rows=int((places == place).sum()),
        )
        for place in np.unique(places)
    ]


def cheapest_threshold(
    labels: np.ndarray, probabilities: np.ndarray, costs: Mapping[str, float]
) -> tuple[float, float]:
    """Return the threshold with the lowest cost on these rows, and that cost for each row.

    Args:
        labels: 0 or 1 for each row.
        probabilities: The probability of 1 for each row.
        costs: The cost of a `false_positive` and of a `false_negative`.

    Returns:
        The threshold, and the mean cost of a row at it.

    Raises:
        ValueError: A cost is missing, unknown or negative.
    """
    if set(costs) != set(_COSTS) or min(costs.values()) < 0:
        raise ValueError(
            f"`costs` is {dict(costs)}. Give the cost of both mistakes, from 0 on, as in "
            '`{"false_positive": 1, "false_negative": 10}`.'
        )
    (_, hits), (_, others), (_, thresholds) = _count_above(labels, probabilities)
    missed = np.concatenate([[hits[-1]], hits[-1] - hits])
    wrong = np.concatenate([[0], others])
    totals = wrong * costs["false_positive"] + missed * costs["false_negative"]
    # Above all probabilities, no row is predicted as 1.
    candidates = np.concatenate([[np.nextafter(thresholds[0], 2)], thresholds])
    best = int(totals.argmin())
    return float(candidates[best]), float(totals[best] / len(labels))


def _count_above(
    labels: np.ndarray, probabilities: np.ndarray
) -> tuple[tuple[float, np.ndarray], tuple[float, np.ndarray], tuple[float, np.ndarray]]:
    """Count ones and zeros from each distinct probability on, the highest first.

    Each comes with the value above all probabilities, with which a curve begins.
    """
    thresholds, places = np.unique(probabilities, return_inverse=True)
    ones = np.bincount(places, labels, len(thresholds))[::-1].cumsum()
    zeros = np.bincount(places, 1 - labels, len(thresholds))[::-1].cumsum()
    return (0.0, ones), (0.0, zeros), (1.0, thresholds[::-1])


def _thinned(count: int) -> np.ndarray:
    chosen: np.ndarray = np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).astype(int))
    return chosen
