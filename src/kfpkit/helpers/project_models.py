"""A project's own estimator, by reference: `my_project.training:fit`.

The module has three functions. It ships like any helper that no import names:
`train_model.in_environment("sklearn", helpers=["my_project.training"])`, and so do `evaluate_model`
and `batch_predict`.

    fit(features, target, *, task, weights, seed, **hyperparameters) -> model
    save(model, folder)             writes files into an existing folder
    load(folder) -> model           reads them

`features` is an array of 64-bit floating-point numbers, one row each; `target` has the numbers of
the classes, or values. A model has `predict_proba(features)`, with one column for each class, or
for the task `regression` `predict(features)`.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from kfpkit.helpers.fitting import Job
from kfpkit.helpers.hyperparameters import Names

NAME = "project"
_GIVEN = frozenset({"features", "target", "task", "weights", "seed"})


class ProjectLibrary:
    """The library of one reference, with the interface of the others.

    Args:
        reference: `module:function`.
    """

    NAME = NAME

    def __init__(self, reference: str) -> None:
        self.reference = reference
        name, _, self._function = reference.partition(":")
        self._module = _import_module(name, reference)
        for needed in (self._function, "save", "load"):
            if not callable(getattr(self._module, needed, None)):
                raise ValueError(  # noqa: TRY004 - the reference is wrong, not the call
                    f"The estimator `{reference}` needs the function `{needed}` in `{name}`, which "
                    "does not have it. Add it: the model must be trained, written and read."
                )

    def version(self) -> str:
        """Return the version of the module, if it has one."""
        return str(getattr(self._module, "__version__", "0"))

    def takes_gaps(self, estimator: str) -> bool:  # noqa: ARG002 - one interface
        """Return whether features may be missing: that is up to the function."""
        return True

    def list_names(self, estimator: str, task: str) -> Names | None:  # noqa: ARG002 - one interface
        """Return the names of hyperparameters. None if the function takes any."""
        parameters = inspect.signature(getattr(self._module, self._function)).parameters
        if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters.values()):
            return None
        return Names(known=frozenset(parameters) - _GIVEN)

    def fit(self, job: Job) -> Any:
        """Train a model."""
        if job.validation is not None:
            raise ValueError(
                f"`early_stopping_rounds` has no meaning for `{self.reference}`. Leave it out, and "
                "pass hyperparameters of your own."
            )
        return getattr(self._module, self._function)(
            job.rows.features,
            job.rows.target,
            task=job.task,
            weights=job.rows.weights,
            seed=job.seed,
            **job.hyperparameters,
        )

    def predict(self, model: Any, features: np.ndarray, task: str) -> np.ndarray:
        """Return probabilities by class, or values."""
        ask = model.predict if task == "regression" else model.predict_proba
        return np.asarray(ask(features), dtype="float64")

    def explain(self, model: Any, features: np.ndarray) -> np.ndarray | None:  # noqa: ARG002 - one interface
        """Return None: the functions have no SHAP values."""
        return None

    def save(self, model: Any, folder: Path) -> None:
        """Write a model."""
        self._module.save(model, folder)

    def load(self, folder: Path, task: str) -> Any:  # noqa: ARG002 - one interface
        """Read a model."""
        return self._module.load(folder)


def _import_module(name: str, reference: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    # Not `import_module`: kfpkit would warn about the unknown name in every pipeline that trains,
    # and only this refusal concerns those that have such an estimator.
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        found = None
    if found is None or found.loader is None:
        raise ValueError(
            f"The module `{name}` of the estimator `{reference}` was not found. If the project has "
            f'it, ship it with the component: `.in_environment(NAME, helpers=["{name}"])`.'
        )
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module
