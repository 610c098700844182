"""`train_model`: train a binary classifier in the environment of its library."""

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

    Choose the environment to match the estimator: `logistic_regression` and `random_forest` run in
    `sklearn`; for `xgboost`, use `train_model.in_environment("xgboost-3")`.

    Args:
        train_data: The training rows, as Parquet. Every column except the key and the target is a
            feature and must be numeric.
        estimator: `logistic_regression` (on standardized features), `random_forest` or `xgboost`
            (gradient-boosted trees).
        target: The column to predict, with the values 0 and 1.
        key: The column that identifies a row. It is not a feature.
        hyperparameters: Arguments of scikit-learn's `LogisticRegression` or
            `RandomForestClassifier`, or of XGBoost's `XGBClassifier`.
        seed: The random seed. The same data, arguments, seed and environment produce the same
            model.

    Returns:
        model: A folder with the model in its library's format (`model.joblib` or `model.ubj`) and
            `model.json`, which records the library, versions, features and target. The metadata
            records the same. Loading `model.joblib` can execute code: load only models from your
            own pipelines.

    Raises:
        ValueError: The estimator is unknown, a column is missing or is not numeric, or the target
            does not consist of 0 and 1.
        ImportError: The environment does not contain the estimator's library.
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
