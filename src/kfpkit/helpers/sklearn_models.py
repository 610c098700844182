"""scikit-learn's estimators, and the files of their models: skops reads listed types only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import skops.io
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kfpkit.helpers.fitting import Job, Rows
from kfpkit.helpers.hyperparameters import Names

NAME = "scikit-learn"
_FILE = "model.skops"
_TRUSTED = [
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
]


@dataclass(frozen=True, kw_only=True)
class _Maker:
    """How an estimator is made.

    Args:
        of_class: The class for classification. None if there is none.
        of_value: The class for regression. None if there is none.
        defaults: Arguments that differ from scikit-learn's defaults.
        is_scaled: Whether features are standardized first.
        takes_gaps: Whether features may be missing.
    """

    of_class: Callable[..., Any] | None = None
    of_value: Callable[..., Any] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    is_scaled: bool = False
    takes_gaps: bool = False

    def of(self, task: str) -> Callable[..., Any]:
        """Return the class for a task that the estimator has."""
        made = self.of_value if task == "regression" else self.of_class
        if made is None:
            raise LookupError(task)
        return made


_MAKERS: Mapping[str, _Maker] = {
    "baseline": _Maker(of_class=DummyClassifier, of_value=DummyRegressor, takes_gaps=True),
    "gradient_boosting": _Maker(
        of_class=HistGradientBoostingClassifier,
        of_value=HistGradientBoostingRegressor,
        defaults={"early_stopping": False},
        takes_gaps=True,
    ),
    "logistic_regression": _Maker(
        of_class=LogisticRegression, defaults={"max_iter": 1000}, is_scaled=True
    ),
    "random_forest": _Maker(
        of_class=RandomForestClassifier, of_value=RandomForestRegressor, takes_gaps=True
    ),
    "ridge": _Maker(of_value=Ridge, is_scaled=True),
}


def version() -> str:
    """Return the installed version."""
    return str(sklearn.__version__)


def takes_gaps(estimator: str) -> bool:
    """Return whether features may be missing."""
    return _MAKERS[estimator].takes_gaps


def list_names(estimator: str, task: str) -> Names:
    """Return the names of hyperparameters."""
    known = frozenset(_MAKERS[estimator].of(task)().get_params())
    stops = "the input `early_stopping_rounds` decides"
    weighs = "the inputs `class_weights` and `balance_classes` decide"
    decided = {"early_stopping": stops, "n_iter_no_change": stops, "class_weight": weighs}
    return Names(known=known, decided={name: decided[name] for name in known & set(decided)})


def fit(job: Job) -> Any:
    """Train an estimator.

    Raises:
        ValueError: Training should stop early, which the estimator can't.
    """
    maker = _MAKERS[job.estimator]
    arguments = {**maker.defaults, **job.hyperparameters}
    make = maker.of(job.task)
    if "random_state" in make().get_params():
        arguments.setdefault("random_state", job.seed)
    rows = job.rows
    if job.validation is not None:
        arguments |= _stopping_of(job)
        rows = _joined(job.rows, job.validation)
    made = make(**arguments)
    if not maker.is_scaled:
        return made.fit(rows.features, rows.target, sample_weight=rows.weights)
    step = type(made).__name__.lower()
    scaled = make_pipeline(StandardScaler(), made)
    return scaled.fit(rows.features, rows.target, **{f"{step}__sample_weight": rows.weights})


def predict(trained: Any, features: np.ndarray, task: str) -> np.ndarray:
    """Return probabilities by class, or values."""
    # With more threads, a forest adds in another order: last bits differ from run to run.
    if "n_jobs" in trained.get_params():
        trained.set_params(n_jobs=1)
    is_value = task == "regression"
    predicted = trained.predict(features) if is_value else trained.predict_proba(features)
    return np.asarray(predicted, dtype="float64")


def explain(trained: Any, features: np.ndarray) -> np.ndarray | None:  # noqa: ARG001 - one interface
    """Return None: scikit-learn has no SHAP values of its own."""
    return None


def save(trained: Any, folder: Path) -> None:
    """Write a model."""
    skops.io.dump(trained, folder / _FILE)


def load(folder: Path, task: str) -> Any:  # noqa: ARG001 - one interface
    """Read a model.

    Raises:
        ValueError: The file contains a type that isn't listed.
    """
    try:
        return skops.io.load(folder / _FILE, trusted=_TRUSTED)
    except TypeError as error:
        raise ValueError(
            f"The model contains a type that is not read for safety: {error} Train it again with "
            "`train_model`."
        ) from None


def _stopping_of(job: Job) -> dict[str, Any]:
    if job.estimator != "gradient_boosting" or job.validation is None:
        raise ValueError(
            f"`{job.estimator}` does not learn in rounds, so `early_stopping_rounds` has no "
            "meaning. Leave it out, or use `gradient_boosting`."
        )
    # Before 1.7, it takes no validation rows, but chooses them itself by the seed.
    held = len(job.validation.target) / (len(job.rows.target) + len(job.validation.target))
    return {"early_stopping": True, "n_iter_no_change": job.patience, "validation_fraction": held}


def _joined(rows: Rows, others: Rows) -> Rows:
    weights = None
    if rows.weights is not None and others.weights is not None:
        weights = np.concatenate([rows.weights, others.weights])
    return Rows(
        features=np.concatenate([rows.features, others.features]),
        target=np.concatenate([rows.target, others.target]),
        weights=weights,
    )
