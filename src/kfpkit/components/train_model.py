"""`train_model`: train a model by the name of its estimator, in the environment of its library."""

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
    transformer: dsl.Input[dsl.Artifact] | None = None,
    task: str = "binary",
    hyperparameters: dict[str, Any] = {},  # noqa: B006 - KFP's defaults are constants; nothing changes it
    positive: str = "",
    weight: str = "",
    class_weights: dict[str, float] = {},  # noqa: B006 - as `hyperparameters`
    balance_classes: bool = False,  # noqa: FBT001, FBT002 - a component's inputs go by name
    early_stopping_rounds: int = 0,
    validation_fraction: float = 0.1,
    skip_missing_target: bool = False,  # noqa: FBT001, FBT002 - a component's inputs go by name
    seed: int = 0,
    most_rows: int = 0,
) -> None:
    """Train a model to predict two classes, several classes, or a number.

    Choose the environment to match the estimator, as in `train_model.in_environment("xgboost-3")`:

    | estimator | tasks | environment |
    | --- | --- | --- |
    | `baseline` (predicts without features) | all | any |
    | `logistic_regression` (on standardized features) | classes | any |
    | `ridge` (linear, on standardized features) | `regression` | any |
    | `random_forest` | all | any |
    | `gradient_boosting` (scikit-learn's, by histograms) | all | any |
    | `xgboost` | all | `xgboost-3`, `xgboost-1` |
    | `lightgbm` | all | `lightgbm` |
    | `catboost` | all | `catboost-1`, `catboost-1-1` |
    | `neural_network` (dense layers in Keras) | all | `tensorflow` |

    An estimator of your own is a reference such as `my_project.training:fit`. Its module ships with
    `helpers=["my_project.training"]` and has the functions `fit`, `save` and `load`, which
    `kfpkit.helpers.project_models` describes.

    Args:
        train_data: The training rows, as Parquet. Without a transformer, all columns except key,
            target and weight are features and must be numbers.
        estimator: The estimator, from the table above.
        target: The column to predict.
        key: The column that identifies a row. It is not a feature.
        transformer: The output of `fit_transformer`. It becomes part of the model, which then reads
            a table's own columns, of any type.
        task: `binary`, `multiclass` or `regression`.
        hyperparameters: Arguments of the library's estimator. Unknown names are refused in each
            library; aliases such as XGBoost's `eta` are known. For `neural_network`:
            `hidden_units` ([64, 32]), `activation` (`relu`), `dropout` (0), `l2` (0),
            `learning_rate` (0.001), `epochs` (30) and `batch_size` (64).
        positive: For `binary`: the value whose probability is predicted. Required unless the target
            is 0 and 1 or Boolean.
        weight: A column with the weights of rows, from 0 on. It is not a feature.
        class_weights: The weight of each class, by its value as a string. Others weigh 1.
        balance_classes: Whether all classes weigh the same in total.
        early_stopping_rounds: After how many rounds (or epochs) without improvement training stops.
            0 trains all rounds. For estimators that learn in rounds.
        validation_fraction: The share of rows that is held out if training stops early, and for
            `regression`, to measure the intervals of predictions. 0 holds out none.
        skip_missing_target: Whether rows without a target are left out, with a line in the log.
            Otherwise, they are refused.
        seed: The random seed. The same data, arguments, seed and environment produce the same
            model.
        most_rows: The most rows to learn from, at even distances; the log says how many they are.
            0 for all rows. A table that memory probably does not hold is refused.

    Returns:
        model: A folder with the model in its library's format (`model.skops`, `model.ubj`,
            `model.txt`, `model.cbm` or `model.keras`), the transformer if there is one, and the
            card `model.json`, which records columns, task, versions, hyperparameters, the hash of
            the data and the hashes of the files. The metadata records the same, without hashes of
            files. No format runs code when it is read.

    Raises:
        ValueError: The estimator, the task or a hyperparameter is unknown, a column is missing or
            is not numeric, a feature is infinite, or the target has missing values or other values
            than the task needs.
        ImportError: The environment does not contain the estimator's library.
        RuntimeError: Other versions of its libraries fitted the transformer.
        MemoryError: The rows probably need more memory than the task may use.
    """
    from pathlib import Path

    from kfpkit.helpers.features import load_transformer
    from kfpkit.helpers.kept_files import hash_table
    from kfpkit.helpers.table_memory import read_bounded
    from kfpkit.helpers.tables import require_columns
    from kfpkit.helpers.targets import drop_missing
    from kfpkit.helpers.training import Order
    from kfpkit.helpers.training import train_model as train

    table = read_bounded(train_data.path, most_rows)
    require_columns(table, [key, target])
    table = drop_missing(table, target) if skip_missing_target else table
    order = Order(
        estimator=estimator,
        task=task,
        target=target,
        key=key,
        hyperparameters=hyperparameters,
        seed=seed,
        positive=positive,
        weight=weight,
        class_weights=class_weights,
        balance_classes=balance_classes,
        early_stopping_rounds=early_stopping_rounds,
        validation_fraction=validation_fraction,
    )
    trained = train(
        table,
        order,
        None if transformer is None else load_transformer(Path(transformer.path)),
        hash_table(Path(train_data.path)),
    )
    trained.save(Path(model.path))
    model.metadata = dict(trained.card)
