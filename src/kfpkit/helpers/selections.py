"""The choice of a candidate by a metric, with only the standard library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

_SIGNS = {"maximize": 1, "minimize": -1}


def better(measured: Sequence[Mapping[str, Any]], metric: str, goal: str) -> int:
    """Return the position of the best candidate.

    Args:
        measured: The metrics of each candidate, by name.
        metric: The metric to compare.
        goal: `maximize` or `minimize`.

    Returns:
        The position. In case of a tie, that of the first one.

    Raises:
        ValueError: A candidate lacks the metric, the metric isn't a number, or the goal is neither
            `maximize` nor `minimize`.
    """
    if goal not in _SIGNS:
        raise ValueError(f"The goal `{goal}` is unknown. Write `maximize` or `minimize`.")
    values = [_value(metrics, metric) * _SIGNS[goal] for metrics in measured]
    return values.index(max(values))


def _value(metrics: Mapping[str, Any], metric: str) -> float:
    if metric not in metrics:
        known = ", ".join(f"`{name}`" for name in sorted(metrics)) or "none"
        raise ValueError(
            f"A model lacks the metric `{metric}`. Its metrics are: {known}. Choose one of these."
        )
    value = float(metrics[metric])
    if math.isnan(value):
        raise ValueError(f"A model's `{metric}` is not a number. Check its evaluation.")
    return value
