"""Fitting: what a library's module gets to train a model, whichever library it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows to learn from.

    Args:
        features: One row each, 64-bit floating-point numbers. Missing is NaN.
        target: The number of the class, or the value to predict.
        weights: The weight of each row. None if all are the same.
    """

    features: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to train.

    Args:
        estimator: The estimator's name.
        task: `binary`, `multiclass` or `regression`.
        classes: The number of classes. 0 for `regression`.
        hyperparameters: The arguments of the estimator, with checked names.
        seed: The random seed.
        rows: The training rows.
        validation: The rows that decide when to stop. None without early stopping.
        patience: The number of rounds or epochs without improvement before training stops.
    """

    estimator: str
    task: str
    classes: int
    hyperparameters: Mapping[str, Any]
    seed: int
    rows: Rows
    validation: Rows | None = None
    patience: int = 0

    @property
    def is_regression(self) -> bool:
        """Whether the target is a number."""
        return self.task == "regression"


def both_probabilities(of_one: np.ndarray) -> np.ndarray:
    """Return the probabilities of 0 and 1 from those of 1."""
    return np.column_stack([1 - of_one, of_one])
