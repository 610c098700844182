"""CatBoost's trees, and the files of its models: its binary format, which is only data."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np

from kfpkit.helpers.fitting import Job
from kfpkit.helpers.hyperparameters import Names

try:
    import catboost
except ImportError:
    catboost = None

NAME = "catboost"
_FILE = "model.cbm"
# https://catboost.ai/docs/en/references/training-parameters/common
_ALIASES = {
    "colsample_bylevel": "rsm",
    "eta": "learning_rate",
    "max_bin": "border_count",
    "max_depth": "depth",
    "min_child_samples": "min_data_in_leaf",
    "n_estimators": "iterations",
    "num_boost_round": "iterations",
    "num_leaves": "max_leaves",
    "num_trees": "iterations",
    "random_state": "random_seed",
    "reg_lambda": "l2_leaf_reg",
}


def version() -> str:
    """Return the installed version."""
    return str(catboost.__version__)


def takes_gaps(estimator: str) -> bool:  # noqa: ARG001 - all of them do
    """Return whether features may be missing."""
    return True


def list_names(estimator: str, task: str) -> Names:  # noqa: ARG001 - all have the same
    """Return the names of hyperparameters."""
    signature = inspect.signature(_wrapper(task).__init__)
    known = frozenset(signature.parameters) - {"self", "kwargs"}
    stops = "the input `early_stopping_rounds` decides"
    weighs = "the inputs `class_weights` and `balance_classes` decide"
    numbers = "features are numbers"
    decided = {
        **dict.fromkeys(("early_stopping_rounds", "od_type", "od_wait", "od_pval"), stops),
        **dict.fromkeys(("class_weights", "auto_class_weights", "scale_pos_weight"), weighs),
        **dict.fromkeys(("cat_features", "text_features", "embedding_features"), numbers),
        "classes_count": "the target decides",
        "class_names": "the target decides",
    }
    if task != "regression":
        decided |= dict.fromkeys(("loss_function", "objective"), "the task decides")
    return Names(known=known, aliases=_ALIASES, decided=decided)


def fit(job: Job) -> Any:
    """Train gradient-boosted trees."""
    arguments = {
        "random_seed": job.seed,
        "allow_writing_files": False,
        "verbose": False,
        **job.hyperparameters,
    }
    validation = None
    if job.validation is not None:
        validation = _pool(job.validation)
        arguments["early_stopping_rounds"] = job.patience
    trained = _wrapper(job.task)(**arguments)
    trained.fit(_pool(job.rows), eval_set=validation)
    return trained


def predict(model: Any, features: np.ndarray, task: str) -> np.ndarray:
    """Return probabilities by class, or values."""
    is_value = task == "regression"
    predicted = model.predict(features) if is_value else model.predict_proba(features)
    return np.asarray(predicted, dtype="float64")


def explain(model: Any, features: np.ndarray) -> np.ndarray | None:
    """Return the mean absolute SHAP value of each feature (`ShapValues`)."""
    values = model.get_feature_importance(catboost.Pool(features), type="ShapValues")
    mean: np.ndarray = np.abs(values[..., :-1]).reshape(-1, features.shape[1]).mean(axis=0)
    return mean


def save(model: Any, folder: Path) -> None:
    """Write a model."""
    model.save_model(str(folder / _FILE))


def load(folder: Path, task: str) -> Any:
    """Read a model."""
    loaded = _wrapper(task)()
    return loaded.load_model(str(folder / _FILE))


def _wrapper(task: str) -> Any:
    return catboost.CatBoostRegressor if task == "regression" else catboost.CatBoostClassifier


def _pool(rows: Any) -> Any:
    return catboost.Pool(rows.features, rows.target, weight=rows.weights)
