"""Models: estimators by name, and the folder of a trained model.

The folder contains the model in its library's own format, which other programs with that library
can read, and `model.json`, the card with what is needed to use it:

    model.joblib    scikit-learn's documented format. Reading it can run code, so read only models
                    that your own pipelines wrote
    model.ubj       XGBoost's binary JSON. It is only data, and later versions can read it
    model.json      library, estimator, hyperparameters, versions, feature names in order, target

Each library is one module with the same five names (`NAME`, `ESTIMATORS`, `version`, `save`,
`load`). If an environment lacks a library, a model that needs it is refused.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from kfpkit.helpers import sklearn_models, xgboost_models
from kfpkit.helpers.tables import require_columns

_CARD = "model.json"


class Library(Protocol):
    """The interface of a library's module."""

    NAME: str
    ESTIMATORS: Mapping[str, Any]

    def version(self) -> str:
        """Return the installed version. Raise `ImportError` if the library is missing."""
        ...

    def save(self, classifier: Any, folder: Path) -> None:
        """Write a trained classifier into a folder."""
        ...

    def load(self, folder: Path, written_by: str) -> Any:
        """Read a classifier from a folder. `written_by` is the version that wrote it."""
        ...


_LIBRARIES: tuple[Any, ...] = (sklearn_models, xgboost_models)


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is needed to use a model, and its origin.

    Args:
        library: The library's distribution name.
        estimator: The estimator's name.
        hyperparameters: The arguments that differ from the estimator's defaults.
        versions: The versions that trained it, by distribution name, and of `python`.
        features: The feature columns, in the order of training.
        target: The column whose probability of 1 it predicts.
        rows: The number of training rows.
    """

    library: str
    estimator: str
    hyperparameters: Mapping[str, Any]
    versions: Mapping[str, str]
    features: tuple[str, ...]
    target: str
    rows: int

    @property
    def metadata(self) -> dict[str, Any]:
        """The card as an artifact's metadata."""
        return {**asdict(self), "features": list(self.features)}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained binary classifier.

    Args:
        classifier: The library's object, with `predict_proba`.
        card: What is needed to use it.
    """

    classifier: Any
    card: Card

    def probabilities(self, table: pd.DataFrame) -> np.ndarray:
        """Return the probability of 1 for each row.

        Raises:
            ValueError: A feature column is missing.
        """
        require_columns(table, self.card.features)
        both: np.ndarray = self.classifier.predict_proba(table[list(self.card.features)])
        return both[:, 1]

    def save(self, folder: Path) -> None:
        """Write the model and its card into a new folder."""
        folder.mkdir(parents=True, exist_ok=True)
        _library(self.card.library).save(self.classifier, folder)
        text = json.dumps(self.card.metadata, indent=2, sort_keys=True)
        (folder / _CARD).write_text(text + "\n", encoding="utf-8")


def train(
    features: pd.DataFrame,
    labels: pd.Series,
    *,
    estimator: str,
    hyperparameters: Mapping[str, Any],
    seed: int,
) -> Model:
    """Train a classifier.

    Args:
        features: The feature columns. The order of columns and rows affects rounding, so pass both
            in a fixed order to get a repeatable model.
        labels: 0 or 1 for each row. The name of the series is that of the target.
        estimator: An estimator: `logistic_regression`, `random_forest` or `xgboost`, for example.
        hyperparameters: The arguments of the estimator.
        seed: The random seed.

    Returns:
        The model.

    Raises:
        ValueError: No library has an estimator with that name.
        ImportError: The environment lacks the estimator's library.
    """
    library = _library_with(estimator)
    version = library.version()
    classifier = library.ESTIMATORS[estimator](dict(hyperparameters), seed)
    classifier.fit(features, labels)
    card = Card(
        library=library.NAME,
        estimator=estimator,
        hyperparameters=dict(hyperparameters),
        versions={
            "python": platform.python_version(),
            "numpy": np.__version__,
            library.NAME: version,
        },
        features=tuple(features.columns),
        target=str(labels.name),
        rows=len(features),
    )
    return Model(classifier=classifier, card=card)


def load(folder: Path) -> Model:
    """Read a model from its folder.

    Raises:
        FileNotFoundError: The folder doesn't contain a model.
        ImportError: The environment lacks the model's library.
        RuntimeError: The installed version of the library can't read it.
    """
    document = json.loads((folder / _CARD).read_text(encoding="utf-8"))
    card = Card(**{**document, "features": tuple(document["features"])})
    library = _library(card.library)
    library.version()
    return Model(classifier=library.load(folder, card.versions[card.library]), card=card)


def _library(name: str) -> Library:
    found: Library = {one.NAME: one for one in _LIBRARIES}[name]
    return found


def _library_with(estimator: str) -> Library:
    for library in _LIBRARIES:
        if estimator in library.ESTIMATORS:
            found: Library = library
            return found
    known = sorted(name for library in _LIBRARIES for name in library.ESTIMATORS)
    raise ValueError(
        f"The estimator `{estimator}` does not exist. Choose one of "
        + ", ".join(f"`{name}`" for name in known)
        + "."
    )
