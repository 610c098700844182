"""`batch_predict`: a model's predictions for a table."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def batch_predict(
    data: dsl.Input[dsl.Dataset],
    model: dsl.Input[dsl.Model],
    key: str,
    predictions: dsl.Output[dsl.Dataset],
    threshold: float = 0.5,
) -> None:
    """Predict every row of a table; run it in the environment that trained the model.

    Args:
        data: The rows, as Parquet, with the model's features; a target is not needed.
        model: The model, a folder from `train_model`.
        key: The column that names a row.
        threshold: From which probability on a row is predicted as 1.

    Returns:
        predictions: One row for each row of the data, as Parquet, in its order: the key,
            `probability` (of 1, between 0 and 1), `prediction` (0 or 1) and `estimator` (the
            model's).

    Raises:
        ValueError: The key or a feature is missing.
        ImportError: The environment does not hold the model's library.
        RuntimeError: The library's version here cannot read the model.
    """
    from pathlib import Path

    from kfpkit.helpers.models import load
    from kfpkit.helpers.predictions import predictions_of
    from kfpkit.helpers.tables import read_table, write_table

    table = predictions_of(load(Path(model.path)), read_table(data.path), key, threshold)
    write_table(table, predictions.path)
    predictions.metadata = {"rows": len(table)}
