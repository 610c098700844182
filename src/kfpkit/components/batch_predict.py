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
    coverage: float = 0.9,
    batch_rows: int = 65536,
) -> None:
    """Predict every row of a table.

    The table is read and written in batches and may be larger than memory. Run this component in
    the environment that trained the model.

    Args:
        data: The rows to predict, as Parquet, with the model's columns. The target column is
            optional.
        model: A model that `train_model` wrote.
        key: The column that identifies a row.
        threshold: For `binary`: the lowest probability at which a row is predicted as 1.
        coverage: For `regression`: the share of rows whose value should be within `lower` and
            `upper`: 0.5, 0.8, 0.9 or 0.95.
        batch_rows: The number of rows in memory at a time.

    Returns:
        predictions: One row for each input row, in the same order, as Parquet. Columns: the key;
            for `binary` `probability` (of the positive class, between 0 and 1) and `prediction`
            (the class); for `multiclass` `prediction` and `probability_…` of each class; for
            `regression` `prediction`, `lower` and `upper` (missing if training held out fewer than
            20 rows); and `estimator` (the model's estimator).

    Raises:
        ValueError: The key or a column is missing, a value is of another kind than in training, or
            the model is damaged.
        ImportError: The environment does not contain the model's library.
        RuntimeError: The installed versions cannot read the model.
    """
    from pathlib import Path

    from kfpkit.helpers.batches import transform_table
    from kfpkit.helpers.models import load_model
    from kfpkit.helpers.predictions import predictions_of

    loaded = load_model(Path(model.path))
    rows = transform_table(
        data.path,
        predictions.path,
        lambda first, table: predictions_of(
            loaded, table, key, threshold=threshold, coverage=coverage, first_row=first
        ),
        batch_rows,
        columns={key, *loaded.signature.names},
    )
    predictions.metadata = {"rows": rows}
