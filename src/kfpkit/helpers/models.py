"""Models: estimators by name, and the folder of a trained model.

The folder contains the model in its library's own format, which other programs with that library
can read, `transformer/` if the model reads a table's own columns, and `model.json`, the card: what
is needed to use the model, its origin, and the hashes of the other files, which are compared before
any of them is read.

Each library is one module with the same names: `NAME`, `version`, `takes_gaps`, `list_names` (of
hyperparameters), `fit`, `predict`, `explain`, `save` and `load`. `estimators` lists what it has.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from kfpkit.helpers.estimators import LIBRARIES, import_library
from kfpkit.helpers.features import CARD as TRANSFORMER_CARD
from kfpkit.helpers.features import Transformer, load_transformer
from kfpkit.helpers.fitting import Job
from kfpkit.helpers.hyperparameters import Names
from kfpkit.helpers.kept_files import read_card, write_card
from kfpkit.helpers.project_models import ProjectLibrary
from kfpkit.helpers.signatures import Signature, list_names, read_signature
from kfpkit.helpers.targets import Target, read_target

_CARD = "model.json"
_TRANSFORMER = "transformer"


class Library(Protocol):
    """The interface of a library's module."""

    NAME: str

    def version(self) -> str:
        """Return the installed version."""
        ...

    def takes_gaps(self, estimator: str) -> bool:
        """Return whether features may be missing."""
        ...

    def list_names(self, estimator: str, task: str) -> Names | None:
        """Return the names of hyperparameters. None if any name is possible."""
        ...

    def fit(self, job: Job) -> Any:
        """Train a model."""
        ...

    def predict(self, trained: Any, features: np.ndarray, task: str) -> np.ndarray:
        """Return probabilities, with a column for each class, or values."""
        ...

    def explain(self, trained: Any, features: np.ndarray) -> np.ndarray | None:
        """Return the library's mean absolute SHAP value of each feature, if it has them."""
        ...

    def save(self, trained: Any, folder: Path) -> None:
        """Write a model into a folder."""
        ...

    def load(self, folder: Path, task: str) -> Any:
        """Read a model from a folder."""
        ...


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained model.

    Args:
        trained: The library's object.
        library: The library's module.
        card: What is needed to use it, and its origin.
        transformer: What makes features of a table. None if the table has them.
    """

    trained: Any
    library: Library
    card: Mapping[str, Any]
    transformer: Transformer | None = None

    @property
    def target(self) -> Target:
        """What the model predicts."""
        return read_target(self.card)

    @property
    def signature(self) -> Signature:
        """The columns that the model reads."""
        return read_signature(self.card["signature"])

    @property
    def features(self) -> list[str]:
        """The names of the features, which are the columns if there is no transformer."""
        return list(self.card["features"])

    def make_features(self, table: pd.DataFrame, first_row: int = 0) -> np.ndarray:
        """Return the features of a table.

        Raises:
            ValueError: A column is missing, or has values of another kind than in training.
        """
        if self.transformer is not None:
            return self.transformer.apply(table, first_row)
        formed = self.signature.conform(table, first_row)
        features = formed.to_numpy(dtype="float64")
        self._require_no_gaps(features, first_row)
        return features

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return probabilities, with a column for each class, or values."""
        if not len(features):
            classes = len(self.target.classes)
            return np.empty((0, classes) if classes else 0)
        return self.library.predict(self.trained, features, self.card["task"])

    def save(self, folder: Path) -> None:
        """Write the model and its card into a new folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.library.save(self.trained, folder)
        if self.transformer is not None:
            self.transformer.save(folder / _TRANSFORMER)
        write_card(folder, _CARD, self.card)

    def _require_no_gaps(self, features: np.ndarray, first_row: int) -> None:
        if not self.library.takes_gaps(self.card["estimator"]):
            require_no_gaps(features, self.features, self.card["estimator"], first_row)


def load_model(folder: Path) -> Model:
    """Read a model from its folder.

    Raises:
        FileNotFoundError: The folder doesn't contain a model.
        ValueError: A file was damaged or changed.
        ImportError: The environment lacks the model's library.
        RuntimeError: The installed version of the library can't read it.
    """
    card = read_card(folder, _CARD, "model")
    library = _library_of(card)
    _require_version(library, card)
    with_transformer = (folder / _TRANSFORMER / TRANSFORMER_CARD).is_file()
    return Model(
        trained=library.load(folder, card["task"]),
        library=library,
        card={name: value for name, value in card.items() if name != "files"},
        transformer=load_transformer(folder / _TRANSFORMER) if with_transformer else None,
    )


def find_library(estimator: str, task: str) -> Library:
    """Return the library that has an estimator for a task.

    Raises:
        ValueError: There is no such estimator, or it lacks the task.
        ImportError: The environment lacks its library.
    """
    if ":" in estimator:
        return ProjectLibrary(estimator)
    for known in LIBRARIES:
        if task in known.estimators.get(estimator, ()):
            library: Library = import_library(known)
            return library
    raise ValueError(_describe_unknown(estimator, task))


def require_no_gaps(
    features: np.ndarray, names: Sequence[str], estimator: str, first_row: int = 0
) -> None:
    """Refuse missing values for an estimator that can't learn from them.

    Raises:
        ValueError: A value is missing.
    """
    gaps = np.isnan(features)
    if gaps.any():
        column = int(gaps.any(axis=0).argmax())
        raise ValueError(
            f"The column `{names[column]}` is missing in row "
            f"{first_row + int(gaps[:, column].argmax())}, and in "
            f"{int(gaps[:, column].sum()):,} of {len(gaps):,} rows, which `{estimator}` cannot "
            "learn from. Pass a transformer from `fit_transformer`, which fills gaps, or use an "
            "estimator of trees."
        )


def _describe_unknown(estimator: str, task: str) -> str:
    known = {name: tasks for each in LIBRARIES for name, tasks in each.estimators.items()}
    fitting = sorted(name for name, tasks in known.items() if task in tasks)
    listed = f"Choose one of {list_names(fitting)}."
    if estimator in known:
        return f"The estimator `{estimator}` does not have the task `{task}`. {listed}"
    close = difflib.get_close_matches(estimator, fitting, n=1)
    meant = f"Did you mean `{close[0]}`? " if close else ""
    return f"The estimator `{estimator}` does not exist for the task `{task}`. {meant}{listed}"


def _library_of(card: Mapping[str, Any]) -> Library:
    for known in LIBRARIES:
        if card["library"] == known.name:
            library: Library = import_library(known)
            return library
    return ProjectLibrary(card["estimator"])


def _require_version(library: Library, card: Mapping[str, Any]) -> None:
    written, found = card["versions"][library.NAME], library.version()
    if library.NAME == "scikit-learn":
        is_readable = _minor(written) == _minor(found)
        reason = "scikit-learn does not read models of other versions correctly"
    else:
        is_readable = _minor(written) <= _minor(found)
        reason = "an older version may not read models of a newer one"
    if not is_readable:
        raise RuntimeError(
            f"The model was written by {library.NAME} {written}, but this environment has {found}, "
            f"and {reason}. Train it again, or bind this task to the environment that trained it "
            "with `.in_environment(...)`."
        )


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
