"""The choice of a candidate by a metric, with only the standard library."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

_log = logging.getLogger(__name__)
_SIGNS = {"maximize": 1, "minimize": -1}
_GOALS: Mapping[str, str] = {
    **dict.fromkeys(("brier_score", "log_loss", "mae", "rmse"), "minimize"),
    **dict.fromkeys(
        (
            "accuracy",
            "average_precision",
            "balanced_accuracy",
            "f1",
            "macro_f1",
            "precision",
            "r2",
            "recall",
            "roc_auc",
        ),
        "maximize",
    ),
}


def goal_of(metric: str, goal: str = "") -> str:
    """Return whether a metric is to be maximized or minimized.

    Args:
        metric: The metric.
        goal: `maximize`, `minimize`, or empty to know it from the metric.

    Raises:
        ValueError: The goal is another word, or it is empty and the metric is unknown.
    """
    found = goal or _GOALS.get(metric, "")
    if found not in _SIGNS:
        problem = f"is `{goal}`" if goal else f"of the metric `{metric}` is not known"
        raise ValueError(f"The goal {problem}. Write `maximize` or `minimize`.")
    return found


def better(measured: Sequence[Mapping[str, Any]], metric: str, goal: str = "") -> int:
    """Return the position of the best candidate.

    Args:
        measured: The metrics of each candidate, by name.
        metric: The metric to compare.
        goal: `maximize`, `minimize`, or empty to know it from the metric.

    Returns:
        The position. In case of a tie, that of the first one.

    Raises:
        ValueError: There is no candidate, one lacks the metric, the metric isn't a number, or the
            goal is wrong.
    """
    if not measured:
        raise ValueError("There is no model to select from. Pass at least one with its metrics.")
    values = [_value(metrics, metric) for metrics in measured]
    sign = _SIGNS[goal_of(metric, goal)]
    return max(range(len(values)), key=lambda at: (values[at] * sign, -at))


def beats_baseline(metrics: Mapping[str, Any], metric: str, goal: str = "") -> bool | None:
    """Return whether a candidate is better than a prediction without features.

    Args:
        metrics: Its metrics, with `_baseline` after the name for the baseline's.
        metric: The metric to compare.
        goal: As in `better`.

    Returns:
        Whether it is. None if the metrics don't have the baseline's.
    """
    if f"{metric}_baseline" not in metrics:
        return None
    sign = _SIGNS[goal_of(metric, goal)]
    return _value(metrics, metric) * sign > _value(metrics, f"{metric}_baseline") * sign


def require_better(
    metrics: Mapping[str, Any], metric: str, goal: str = "", *, is_allowed: bool = False
) -> None:
    """Refuse a candidate that doesn't beat the baseline, or log a warning.

    Args:
        metrics: The metrics of the best candidate.
        metric: The metric to compare.
        goal: As in `better`.
        is_allowed: Whether it may be selected nevertheless.

    Raises:
        ValueError: It doesn't beat the baseline, and isn't allowed.
    """
    if beats_baseline(metrics, metric, goal) is None:
        _log.warning("The metrics have no `%s_baseline`: the model was not compared to it.", metric)
    elif not beats_baseline(metrics, metric, goal):
        problem = (
            f"No model beats the baseline: the best `{metric}` is {metrics[metric]:.4g}, and a "
            f"prediction without features has {metrics[f'{metric}_baseline']:.4g}."
        )
        if not is_allowed:
            raise ValueError(
                f"{problem} Look for features that tell more about the target, or pass "
                "`allow_baseline=True` to select it nevertheless."
            )
        _log.warning("%s", problem)


def pair(
    named: Sequence[tuple[Any, Any]], models: Sequence[Any], metrics: Sequence[Any]
) -> list[tuple[Any, Any]]:
    """Return each model with its metrics.

    Args:
        named: Models and metrics that were passed by name. None for those that were not.
        models: The models of a loop.
        metrics: Their metrics.

    Raises:
        ValueError: A model lacks its metrics, or the reverse.
    """
    for place, (model, measured) in enumerate(named, 1):
        if (model is None) != (measured is None):
            lacking = "metrics" if measured is None else "model"
            raise ValueError(f"Model {place} was passed without its {lacking}. Pass both.")
    if len(models) != len(metrics):
        raise ValueError(
            f"{len(models)} models and {len(metrics)} metrics were passed. Pass the metrics of "
            "each model, from the same loop."
        )
    given = [(model, measured) for model, measured in named if model is not None]
    return [*given, *zip(models, metrics, strict=True)]


def _value(metrics: Mapping[str, Any], metric: str) -> float:
    if metric not in metrics:
        names = (name for name in sorted(metrics) if not name.endswith("_baseline"))
        known = ", ".join(f"`{name}`" for name in names) or "none"
        raise ValueError(
            f"A model lacks the metric `{metric}`. Its metrics are: {known}. Choose one of these."
        )
    value = float(metrics[metric])
    if math.isnan(value):
        raise ValueError(f"A model's `{metric}` is not a number. Check its evaluation.")
    return value
