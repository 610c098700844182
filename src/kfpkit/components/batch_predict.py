"""`batch_predict`: predict every row of a table."""

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
    """Predict the class of every row of a table.

    Run this component in the environment that trained the model.

    Args:
        data: The rows to predict, as Parquet, with the model's features. The target column is
            optional.
        model: A model that `train_model` wrote.
        key: The column that identifies a row.
        threshold: The lowest probability at which a row is predicted as 1.

    Returns:
        predictions: One row for each input row, in the same order, as Parquet. Columns: the key,
            `probability` (of class 1, between 0 and 1), `prediction` (0 or 1) and `estimator` (the
            model's estimator).

    Raises:
        ValueError: The key or a feature column is missing.
        ImportError: The environment does not contain the model's library.
        RuntimeError: The installed version of the library cannot read the model.
    """
    from pathlib import Path

    from kfpkit.helpers.models import load
    from kfpkit.helpers.predictions import predictions_of
    from kfpkit.helpers.tables import read_table, write_table

    table = predictions_of(load(Path(model.path)), read_table(data.path), key, threshold)
    write_table(table, predictions.path)
    predictions.metadata = {"rows": len(table)}
