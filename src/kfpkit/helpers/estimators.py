"""Estimators: which library has them, for which tasks, and which environment has that library.

A library's module is imported when one of its estimators is used: Keras alone takes three seconds
of processor time, which the models of other libraries in its environment do without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLASSES = ("binary", "multiclass")
_ALL = (*CLASSES, "regression")


@dataclass(frozen=True, kw_only=True)
class KnownLibrary:
    """A library, without importing it.

    Args:
        name: Its name.
        environment: An environment that has it.
        estimators: The tasks of each of its estimators.
    """

    name: str
    environment: str
    estimators: Mapping[str, tuple[str, ...]]


LIBRARIES = (
    KnownLibrary(
        name="scikit-learn",
        environment="sklearn",
        estimators={
            "baseline": _ALL,
            "gradient_boosting": _ALL,
            "logistic_regression": CLASSES,
            "random_forest": _ALL,
            "ridge": ("regression",),
        },
    ),
    KnownLibrary(name="xgboost", environment="xgboost-3", estimators={"xgboost": _ALL}),
    KnownLibrary(name="lightgbm", environment="lightgbm", estimators={"lightgbm": _ALL}),
    KnownLibrary(name="catboost", environment="catboost-1", estimators={"catboost": _ALL}),
    KnownLibrary(name="keras", environment="tensorflow", estimators={"neural_network": _ALL}),
)


def import_library(known: KnownLibrary) -> Any:
    """Import the module of a library, and the library itself.

    Raises:
        ImportError: This environment doesn't have the library.
    """
    module = _import_module(known.name)
    try:
        module.version()
    except AttributeError:  # the module has None in place of the library
        raise ImportError(
            f"This environment does not have {known.name}. Bind the task to one that does, such as "
            f'`.in_environment("{known.environment}")`.',
            name=known.name,
        ) from None
    return module


def _import_module(name: str) -> Any:
    # Written out, so that each module ships with what reaches this function.
    if name == "xgboost":
        from kfpkit.helpers import xgboost_models

        return xgboost_models
    if name == "lightgbm":
        from kfpkit.helpers import lightgbm_models

        return lightgbm_models
    if name == "catboost":
        from kfpkit.helpers import catboost_models

        return catboost_models
    if name == "keras":
        from kfpkit.helpers import keras_models

        return keras_models
    from kfpkit.helpers import sklearn_models

    return sklearn_models
