"""`train_model`: a binary classifier, in the environment of its library."""

from typing import Any

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def train_model(
    train_data: dsl.Input[dsl.Dataset],
    estimator: str,
    target: str,
    key: str,
    model: dsl.Output[dsl.Model],
    hyperparameters: dict[str, Any] = {},  # noqa: B006 - KFP's defaults are constants; nothing changes it
    seed: int = 0,
) -> None:
    """Train a binary classifier.

    The estimator's library decides about the environment: `logistic_regression` and
    `random_forest` run in `sklearn`, `xgboost` in `train_model.in_environment("xgboost-3")`.

    Args:
        train_data: The rows to learn from, as Parquet. Every column but the key and the target is
            a feature and holds numbers.
        estimator: `logistic_regression` (on standardised features), `random_forest` or `xgboost`
            (gradient boosted trees).
        target: The column to predict: 0 or 1.
        key: The column that names a row; it is not learned from.
        hyperparameters: Arguments of scikit-learn's `LogisticRegression` or
            `RandomForestClassifier`, or of XGBoost's `XGBClassifier`.
        seed: The seed of all random numbers: the same data, arguments and environment give the
            same model.

    Returns:
        model: A folder with the model in its library's format (`model.joblib` or `model.ubj`) and
            `model.json`, which says library, versions, features and target; the metadata says the
            same. Reading `model.joblib` can run code: read only what your own pipelines wrote.

    Raises:
        ValueError: The estimator is not known, a column is missing or no number, or the target
            is not 0 and 1.
        ImportError: The environment does not hold the estimator's library.
    """
    from pathlib import Path

    from kfpkit.helpers.models import train
    from kfpkit.helpers.tables import binary_labels, numeric_features, read_table, require_columns

    table = read_table(train_data.path)
    require_columns(table, [key, target])
    trained = train(
        table[numeric_features(table, without={key, target})],
        binary_labels(table, target),
        estimator=estimator,
        hyperparameters=hyperparameters,
        seed=seed,
    )
    trained.save(Path(model.path))
    model.metadata = trained.card.metadata
