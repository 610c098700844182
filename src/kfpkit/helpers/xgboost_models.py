"""XGBoost's trees, and the files of its models: binary JSON, which is only data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kfpkit.helpers.fitting import Job, both_probabilities
from kfpkit.helpers.hyperparameters import Names

try:
    import xgboost
except ImportError:
    xgboost = None

NAME = "xgboost"
_FILE = "model.ubj"
# https://xgboost.readthedocs.io/en/stable/parameter.html
_ALIASES = {
    "alpha": "reg_alpha",
    "eta": "learning_rate",
    "lambda": "reg_lambda",
    "min_split_loss": "gamma",
    "nthread": "n_jobs",
    "num_boost_round": "n_estimators",
    "seed": "random_state",
}


def version() -> str:
    """Return the installed version."""
    return str(xgboost.__version__)


def takes_gaps(estimator: str) -> bool:  # noqa: ARG001 - all of them do
    """Return whether features may be missing."""
    return True


def list_names(estimator: str, task: str) -> Names:  # noqa: ARG001 - all have the same
    """Return the names of hyperparameters: the wrapper's, and those of the library's core."""
    wrapper = set(_wrapper(task)().get_params())
    # In later versions, `gbtree` has the names of `dart`, which is deprecated.
    boosters = ("gbtree", "dart") if version().startswith("1.") else ("gbtree",)
    core = {name for booster in boosters for name in _core_names(booster)}
    decided = {
        "early_stopping_rounds": "the input `early_stopping_rounds` decides",
        "callbacks": "it is no value",
        "missing": "missing values are those of the table",
        "enable_categorical": "features are numbers",
        "feature_types": "features are numbers",
        "num_class": "the target decides",
    }
    if task != "regression":
        decided["objective"] = "the task decides"
    return Names(known=frozenset(wrapper | core), aliases=_ALIASES, decided=decided)


def fit(job: Job) -> Any:
    """Train gradient-boosted trees."""
    arguments: dict[str, Any] = {"random_state": job.seed, **job.hyperparameters}
    if job.validation is None:
        trained = _wrapper(job.task)(**arguments)
        trained.fit(job.rows.features, job.rows.target, sample_weight=job.rows.weights)
        return trained.get_booster()
    stopped = _wrapper(job.task)(**arguments, early_stopping_rounds=job.patience)
    weights = None if job.validation.weights is None else [job.validation.weights]
    stopped.fit(
        job.rows.features,
        job.rows.target,
        sample_weight=job.rows.weights,
        eval_set=[(job.validation.features, job.validation.target)],
        sample_weight_eval_set=weights,
        verbose=False,
    )
    return stopped.get_booster()[: stopped.best_iteration + 1]


def predict(booster: Any, features: np.ndarray, task: str) -> np.ndarray:
    """Return probabilities by class, or values."""
    predicted: np.ndarray = booster.predict(xgboost.DMatrix(features)).astype("float64")
    return both_probabilities(predicted) if task == "binary" else predicted


def explain(booster: Any, features: np.ndarray) -> np.ndarray | None:
    """Return the mean absolute SHAP value of each feature (`pred_contribs`)."""
    values = booster.predict(xgboost.DMatrix(features), pred_contribs=True)
    mean: np.ndarray = np.abs(values[..., :-1]).reshape(-1, features.shape[1]).mean(axis=0)
    return mean


def save(booster: Any, folder: Path) -> None:
    """Write a model."""
    booster.save_model(folder / _FILE)


def load(folder: Path, task: str) -> Any:  # noqa: ARG001 - one interface
    """Read a model."""
    return xgboost.Booster(model_file=folder / _FILE)


def _wrapper(task: str) -> Any:
    return xgboost.XGBRegressor if task == "regression" else xgboost.XGBClassifier


def _core_names(booster: str) -> Iterator[str]:
    # It is not configured before it knows how many features there are.
    cache = [xgboost.DMatrix(np.zeros((1, 1)))]
    yield from _keys(json.loads(xgboost.Booster({"booster": booster}, cache).save_config()))


def _keys(document: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of parameters in a configuration: those in groups named `…_param`."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from value if key.endswith("_param") else _keys(value)
