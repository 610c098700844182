"""LightGBM's trees, and the files of its models: text, which is only data.

LightGBM ends the process if it reads a truncated file, so hashes are compared first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from kfpkit.helpers.fitting import Job, both_probabilities
from kfpkit.helpers.hyperparameters import Names

try:
    import lightgbm
except ImportError:
    lightgbm = None

NAME = "lightgbm"
_FILE = "model.txt"


def version() -> str:
    """Return the installed version."""
    return str(lightgbm.__version__)


def takes_gaps(estimator: str) -> bool:  # noqa: ARG001 - all of them do
    """Return whether features may be missing."""
    return True


def list_names(estimator: str, task: str) -> Names:  # noqa: ARG001 - all have the same
    """Return the names of hyperparameters, with the aliases that the library knows."""
    wrapper = set(_wrapper(task)().get_params())
    aliases: dict[str, str] = {}
    known = set(wrapper)
    # The only list of all names: `LGBM_DumpParamAliases` of the C library.
    for name, others in lightgbm.basic._ConfigAliases._get_all_param_aliases().items():  # noqa: SLF001
        group = {name, *others}
        target = min(group & wrapper, default=name)
        known.add(target)
        aliases.update(dict.fromkeys(group - {target}, target))
    stops = "the input `early_stopping_rounds` decides"
    decided = {"early_stopping_round": stops, "num_class": "the target decides"}
    decided |= {"class_weight": "the inputs `class_weights` and `balance_classes` decide"}
    if task != "regression":
        decided["objective"] = "the task decides"
    return Names(known=frozenset(known), aliases=aliases, decided=decided)


def fit(job: Job) -> Any:
    """Train gradient-boosted trees."""
    arguments = {
        "random_state": job.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
        **job.hyperparameters,
    }
    stopping: dict[str, Any] = {}
    if job.validation is not None:
        weights = job.validation.weights
        stopping = {
            "eval_X": job.validation.features,
            "eval_y": job.validation.target,
            "eval_sample_weight": None if weights is None else [weights],
            "callbacks": [lightgbm.early_stopping(job.patience, verbose=False)],
        }
    trained = _wrapper(job.task)(**arguments)
    trained.fit(job.rows.features, job.rows.target, sample_weight=job.rows.weights, **stopping)
    # What is read back has no other trees than the best ones, nor has this.
    text = trained.booster_.model_to_string(num_iteration=trained.best_iteration_ or None)
    return lightgbm.Booster(model_str=text)


def predict(booster: Any, features: np.ndarray, task: str) -> np.ndarray:
    """Return probabilities by class, or values."""
    predicted = np.asarray(booster.predict(features), dtype="float64")
    return both_probabilities(predicted) if task == "binary" else predicted


def explain(booster: Any, features: np.ndarray) -> np.ndarray | None:
    """Return the mean absolute SHAP value of each feature (`pred_contrib`)."""
    values = np.asarray(booster.predict(features, pred_contrib=True))
    values = values.reshape(len(features), -1, features.shape[1] + 1)
    mean: np.ndarray = np.abs(values[:, :, :-1]).mean(axis=(0, 1))
    return mean


def save(booster: Any, folder: Path) -> None:
    """Write a model."""
    booster.save_model(folder / _FILE)


def load(folder: Path, task: str) -> Any:  # noqa: ARG001 - one interface
    """Read a model."""
    return lightgbm.Booster(model_file=folder / _FILE)


def _wrapper(task: str) -> Any:
    return lightgbm.LGBMRegressor if task == "regression" else lightgbm.LGBMClassifier
