"""Training: from a table to a model, in whichever library, and what its card records."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kfpkit.helpers.features import Transformer
from kfpkit.helpers.fitting import Job, Rows
from kfpkit.helpers.hyperparameters import check_names
from kfpkit.helpers.models import Library, Model, find_library, require_no_gaps
from kfpkit.helpers.signatures import Column, Signature, list_names
from kfpkit.helpers.targets import Target, find_target, require_target

# What `batch_predict` can surround predictions with.
COVERAGES = (0.5, 0.8, 0.9, 0.95)
_FEWEST_HELD_OUT = 20


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to train. The fields are the inputs of `train_model`, which describes them.

    Args:
        estimator: The estimator.
        task: The task.
        target: The column to predict.
        key: The column that identifies a row.
        hyperparameters: The arguments of the estimator.
        seed: The random seed.
        positive: The value that counts as 1.
        weight: The column with the weights of rows. Empty for none.
        class_weights: The weight of each class, by its value as a string.
        balance_classes: Whether classes weigh the same in total.
        early_stopping_rounds: After how many rounds without improvement to stop. 0 for never.
        validation_fraction: The share of rows that is held out.
    """

    estimator: str
    task: str
    target: str
    key: str
    hyperparameters: Mapping[str, Any]
    seed: int = 0
    positive: str = ""
    weight: str = ""
    class_weights: Mapping[str, float] = dataclasses.field(default_factory=dict)
    balance_classes: bool = False
    early_stopping_rounds: int = 0
    validation_fraction: float = 0.1


def train_model(
    table: pd.DataFrame, order: Order, transformer: Transformer | None = None, data_hash: str = ""
) -> Model:
    """Train a model.

    Args:
        table: The training rows. Their order affects rounding: pass them in a fixed order to get a
            repeatable model.
        order: What to train.
        transformer: What makes features. None if the other columns are numbers.
        data_hash: The hash of the table, for the card.

    Returns:
        The model.

    Raises:
        ValueError: An argument is wrong, or a column doesn't fit.
        ImportError: The environment lacks the estimator's library.
    """
    target = find_target(table, order.target, order.task, order.positive)
    library = find_library(order.estimator, order.task)
    names = library.list_names(order.estimator, order.task)
    given = dict(order.hyperparameters)
    checked = given if names is None else check_names(order.estimator, given, names)
    signature = _signature_of(table, order) if transformer is None else transformer.signature
    if transformer is None:
        features = signature.conform(table).to_numpy(dtype="float64")
    else:
        features = transformer.apply(table)
    used = signature.names if transformer is None else transformer.features
    if not library.takes_gaps(order.estimator):
        require_no_gaps(features, used, order.estimator)
    rows = Rows(
        features=features, target=target.encode(table), weights=_weights_of(table, target, order)
    )
    learned, held = _hold_out(rows, order)
    job = Job(
        estimator=order.estimator,
        task=order.task,
        classes=len(target.classes),
        hyperparameters=checked,
        seed=order.seed,
        rows=learned,
        validation=held if order.early_stopping_rounds else None,
        patience=order.early_stopping_rounds,
    )
    trained = library.fit(job)
    card = {
        "format": 1,
        "library": library.NAME,
        "estimator": order.estimator,
        "hyperparameters": given,
        "versions": _versions_of(library),
        "signature": signature.document,
        "features": used,
        "has_transformer": transformer is not None,
        "task": target.task,
        "target": target.name,
        "classes": list(target.classes),
        "key": order.key,
        "weight": order.weight,
        "rows": len(learned.target),
        "held_out_rows": 0 if held is None else len(held.target),
        "early_stopping_rounds": order.early_stopping_rounds,
        "data_sha256": data_hash,
        "seed": order.seed,
        "baseline": _baseline_of(learned, target),
        "residuals": _residuals_of(library, trained, held, target),
    }
    return Model(trained=trained, library=library, card=card, transformer=transformer)


def _signature_of(table: pd.DataFrame, order: Order) -> Signature:
    """Return the columns that are features without a transformer: all others, which are numbers."""
    without = {order.key, order.target, order.weight}
    features = [str(name) for name in table.columns if name not in without]
    wrong = [
        name for name in features if not (_is_numeric(table[name]) or table[name].isna().all())
    ]
    if wrong:
        raise ValueError(
            f"The columns {list_names(wrong)} are not numbers. Pass a transformer from "
            "`fit_transformer`, or leave them out of the query."
        )
    if not features:
        raise ValueError(
            f"The table has no columns besides {list_names(sorted(without - {''}))}. Add features "
            "to the query."
        )
    return Signature(columns=tuple(Column(name=name, kind="number") for name in features))


def _is_numeric(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return True
    kinds = {type(value).__name__ for value in values.dropna()} if values.dtype == object else {""}
    return kinds <= {"Decimal", "bool", "int", "float"}


def _weights_of(table: pd.DataFrame, target: Target, order: Order) -> np.ndarray | None:
    weights = None
    if order.weight:
        named = require_target(table, order.weight)
        signature = Signature(columns=(Column(name=order.weight, kind="number"),))
        weights = signature.conform(named.to_frame())[order.weight].to_numpy()
        if (weights < 0).any() or not weights.any():
            raise ValueError(
                f"The weight column `{order.weight}` has a negative number, or only zeros. Give "
                "each row a weight from 0 on."
            )
    factors = _class_factors(target, target.encode(table), order)
    if factors is None:
        return weights
    of_rows: np.ndarray = factors[target.encode(table)]
    return of_rows if weights is None else weights * of_rows


def _class_factors(target: Target, codes: np.ndarray, order: Order) -> np.ndarray | None:
    if not (order.balance_classes or order.class_weights):
        return None
    if target.task == "regression":
        raise ValueError(
            "`class_weights` and `balance_classes` are for classes. Leave them out for the task "
            "`regression`."
        )
    if order.balance_classes and order.class_weights:
        raise ValueError("Give `class_weights` or `balance_classes`, not both.")
    count = len(target.classes)
    if order.balance_classes:
        factors: np.ndarray = len(codes) / (count * np.bincount(codes, minlength=count))
        return factors
    names = [str(value) for value in target.classes]
    unknown = sorted(set(order.class_weights) - set(names))
    if unknown:
        raise ValueError(
            f"`class_weights` names the class {list_names(unknown)}, but the target "
            f"`{target.name}` has the values {list_names(names)}. Name these, as strings."
        )
    return np.array([float(order.class_weights.get(name, 1.0)) for name in names])


def _hold_out(rows: Rows, order: Order) -> tuple[Rows, Rows | None]:
    """Hold out rows by the seed: to stop early, or to measure intervals of a regression."""
    if order.early_stopping_rounds < 0:
        raise ValueError("`early_stopping_rounds` is negative. Give 0 to train all rounds.")
    if not 0 <= order.validation_fraction < 1:
        raise ValueError(
            f"`validation_fraction` is {order.validation_fraction}. Give a number from 0 to below "
            "1."
        )
    count = round(len(rows.target) * order.validation_fraction)
    if order.early_stopping_rounds and not count:
        raise ValueError(
            "`early_stopping_rounds` needs rows to decide when to stop. Give a "
            "`validation_fraction` above 0, or more rows."
        )
    is_few = count < _FEWEST_HELD_OUT
    if not order.early_stopping_rounds and (order.task != "regression" or is_few):
        return rows, None
    shuffled = np.random.default_rng(order.seed).permutation(len(rows.target))
    # The rest stays in its order, on which rounding depends.
    return _take(rows, np.sort(shuffled[count:])), _take(rows, np.sort(shuffled[:count]))


def _take(rows: Rows, chosen: np.ndarray) -> Rows:
    return Rows(
        features=rows.features[chosen],
        target=rows.target[chosen],
        weights=None if rows.weights is None else rows.weights[chosen],
    )


def _versions_of(library: Library) -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        library.NAME: library.version(),
    }


def _baseline_of(rows: Rows, target: Target) -> list[float]:
    """Return what would be predicted without features: shares of classes, or mean and median."""
    if target.task == "regression":
        return [float(rows.target.mean()), float(np.median(rows.target))]
    counts = np.bincount(rows.target, minlength=len(target.classes))
    return [float(share) for share in counts / counts.sum()]


def _residuals_of(
    library: Library, trained: Any, held: Rows | None, target: Target
) -> dict[str, float]:
    """Return the half width of an interval for each coverage: split conformal prediction.

    Source: J. Lei et al., Distribution-Free Predictive Inference for Regression, Journal of the
    American Statistical Association 113 (523), 2018.
    """
    if target.task != "regression" or held is None:
        return {}
    errors = np.sort(np.abs(held.target - library.predict(trained, held.features, target.task)))
    ranks = {cover: int(np.ceil((len(errors) + 1) * cover)) - 1 for cover in COVERAGES}
    return {str(cover): float(errors[at]) for cover, at in ranks.items() if at < len(errors)}
