"""Predictions of a model, row by row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kfpkit.helpers.models import Model
from kfpkit.helpers.signatures import list_names
from kfpkit.helpers.tables import require_names


def predictions_of(
    model: Model,
    table: pa.Table,
    key: str,
    *,
    threshold: float = 0.5,
    coverage: float = 0.9,
    first_row: int = 0,
) -> pa.Table:
    """Return a prediction for each row of a table.

    Args:
        model: The model.
        table: The table, with the model's columns.
        key: The column that identifies a row.
        threshold: The lowest probability at which a row is predicted as 1.
        coverage: The share of rows whose value should be within `lower` and `upper`.
        first_row: The number of the first row, for messages.

    Returns:
        The key, what was predicted, and `estimator`, in the table's order.

    Raises:
        ValueError: A column is missing, has the name of an output, or has values of another kind
            than in training.
    """
    require_names(table.column_names, [key])
    outputs = model.predict(model.make_features(table.to_pandas(), first_row))
    columns = _columns_of(model, outputs, threshold, coverage)
    columns["estimator"] = pa.repeat(pa.scalar(model.card["estimator"]), table.num_rows)
    if key in columns:
        raise ValueError(
            f"The key column `{key}` has the name of an output: {list_names(columns)}. Rename it "
            "in the query."
        )
    return pa.table({key: table[key], **columns})


def _columns_of(
    model: Model, outputs: np.ndarray, threshold: float, coverage: float
) -> dict[str, pa.Array]:
    target = model.target
    if target.task == "regression":
        half = _half_width(model, coverage)
        ends = (outputs - half, outputs + half) if half is not None else (None, None)
        lower, upper = (
            pa.nulls(len(outputs), pa.float64()) if end is None else pa.array(end) for end in ends
        )
        return {"prediction": pa.array(outputs), "lower": lower, "upper": upper}
    if target.task == "binary":
        of_one = outputs[:, 1] if len(outputs) else np.empty(0)
        chosen = _classes_of(target.classes, (of_one >= threshold).astype("int64"))
        return {"probability": pa.array(of_one, pa.float64()), "prediction": chosen}
    likeliest = outputs.argmax(axis=1) if len(outputs) else np.empty(0, "int64")
    probabilities = {
        f"probability_{label}": pa.array(outputs[:, at], pa.float64())
        for at, label in enumerate(target.labels)
    }
    return {"prediction": _classes_of(target.classes, likeliest), **probabilities}


def _classes_of(classes: tuple[object, ...], codes: np.ndarray) -> pa.Array:
    """Return the classes with their type, also if there are no rows."""
    return pa.array(classes).take(pa.array(codes, pa.int64()))


def _half_width(model: Model, coverage: float) -> float | None:
    known = model.card["residuals"]
    if not known:
        return None
    if str(coverage) not in known:
        raise ValueError(
            f"`coverage` is {coverage}, but the model has intervals for {list_names(known)}. Give "
            "one of these."
        )
    return float(known[str(coverage)])
