"""XGBoost's estimator, and the files of its models.

As part of `models`, this module also ships into environments without XGBoost. So its import is
optional, and the error is raised when a model needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

try:
    import xgboost
except ImportError:
    xgboost = None

NAME = "xgboost"
_FILE = "model.ubj"


def classifier(hyperparameters: dict[str, Any], seed: int) -> Any:
    """Return gradient-boosted trees."""
    return xgboost.XGBClassifier(**{"random_state": seed, **hyperparameters})


ESTIMATORS: Mapping[str, Callable[[dict[str, Any], int], Any]] = {"xgboost": classifier}


def version() -> str:
    """Return the installed version.

    Raises:
        ImportError: The environment lacks XGBoost.
    """
    if xgboost is None:
        raise ImportError(
            "This environment does not hold XGBoost. Bind the task to one that does, such as "
            '`.in_environment("xgboost-3")`.',
            name=NAME,
        )
    return str(xgboost.__version__)


def save(trained: Any, folder: Path) -> None:
    """Write a classifier."""
    trained.save_model(folder / _FILE)


def load(folder: Path, written_by: str) -> Any:  # noqa: ARG001 - any later version reads it
    """Read a classifier."""
    loaded = xgboost.XGBClassifier()
    loaded.load_model(folder / _FILE)
    return loaded
