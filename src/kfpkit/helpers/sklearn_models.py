"""scikit-learn's estimators, and the files of their models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import joblib
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAME = "scikit-learn"
_FILE = "model.joblib"


def logistic_regression(hyperparameters: dict[str, Any], seed: int) -> Any:
    """Return a logistic regression on standardized features."""
    arguments = {"max_iter": 1000, "random_state": seed, **hyperparameters}
    return make_pipeline(StandardScaler(), LogisticRegression(**arguments))


def random_forest(hyperparameters: dict[str, Any], seed: int) -> Any:
    """Return a random forest."""
    return RandomForestClassifier(**{"random_state": seed, **hyperparameters})


ESTIMATORS: Mapping[str, Callable[[dict[str, Any], int], Any]] = {
    "logistic_regression": logistic_regression,
    "random_forest": random_forest,
}


def version() -> str:
    """Return the installed version."""
    return str(sklearn.__version__)


def save(classifier: Any, folder: Path) -> None:
    """Write a classifier."""
    joblib.dump(classifier, folder / _FILE)


def load(folder: Path, written_by: str) -> Any:
    """Read a classifier.

    Raises:
        RuntimeError: A different minor version wrote it, which scikit-learn doesn't support.
    """
    if written_by.split(".")[:2] != version().split(".")[:2]:
        raise RuntimeError(
            f"The model was written by scikit-learn {written_by}, but this environment has "
            f"{version()}, which may not read it correctly. Train it again, or bind this task to "
            "the environment that trained it with `.in_environment(...)`."
        )
    return joblib.load(folder / _FILE)
