"""From a file to a judged model: five libraries side by side, chosen by configuration alone."""

from typing import Any, NamedTuple

from kfp import dsl

from kfpkit.components import (
    batch_predict,
    evaluate_model,
    fit_transformer,
    import_file,
    select_model,
    split_data,
    train_model,
)


class Outputs(NamedTuple):
    """What the pipeline hands back.

    Args:
        estimator: The best model's estimator.
        metric_value: Its value of the metric that decided.
    """

    estimator: str
    metric_value: float


@dsl.pipeline(name="any-table")
def any_table(  # noqa: PLR0913, PLR0917 - a pipeline's parameters are its interface
    source: str,
    key: str,
    target: str,
    task: str = "binary",
    metric: str = "roc_auc",
    types: dict[str, str] = {},  # noqa: B006 - KFP's defaults are constants
    features: str = "",
    positive: str = "",
    slices: list[str] = [],  # noqa: B006 - as above
    split_method: str = "hash",
    split_column: str = "",
    test_fraction: float = 0.25,
    early_stopping_rounds: int = 20,
    skip_missing_target: bool = False,  # noqa: FBT001, FBT002 - as above
) -> Outputs:
    """Train five models on a table of any types, and predict with the best one.

    Args:
        source: The file: CSV, JSON Lines or Parquet; a path, `https://` or `gs://`.
        key: The column that identifies a row.
        target: The column to predict.
        task: `binary`, `multiclass` or `regression`.
        metric: The metric that decides between the models, such as `roc_auc` or `rmse`.
        types: Types of columns that are not to be recognized, as `import_file` takes them.
        features: A description of the features in YAML, as `fit_transformer` takes it. Empty to
            decide by types and values.
        positive: The value whose probability is predicted, if a binary target is not 0 and 1.
        slices: Columns whose groups are measured separately.
        split_method: `hash`, `group` or `time`, as `split_data` takes it.
        split_column: The column with the groups or times.
        test_fraction: Which share of the rows measures the models.
        skip_missing_target: Whether rows without a target are left out.
        early_stopping_rounds: After how many rounds without improvement training stops.
    """
    data = import_file(source=source, types=types).outputs["data"]
    split = split_data(
        data=data, key=key, test_fraction=test_fraction, method=split_method, column=split_column
    )
    train_data, test_data = split.outputs["train_data"], split.outputs["test_data"]
    transformer = fit_transformer(
        train_data=train_data, target=target, key=key, description=features
    ).outputs["transformer"]

    def train_and_judge(environment: str, estimator: str) -> tuple[Any, Any]:
        trained = train_model.in_environment(environment)(
            train_data=train_data,
            transformer=transformer,
            estimator=estimator,
            target=target,
            key=key,
            task=task,
            positive=positive,
            skip_missing_target=skip_missing_target,
            early_stopping_rounds=early_stopping_rounds,
        ).outputs["model"]
        judged = evaluate_model.in_environment(environment)(
            test_data=test_data,
            model=trained,
            slices=slices,
            skip_missing_target=skip_missing_target,
        ).outputs["metrics"]
        return trained, judged

    trees, of_trees = train_and_judge("sklearn", "gradient_boosting")
    xgboost, of_xgboost = train_and_judge("xgboost-3", "xgboost")
    lightgbm, of_lightgbm = train_and_judge("lightgbm", "lightgbm")
    catboost, of_catboost = train_and_judge("catboost-1", "catboost")
    network, of_network = train_and_judge("tensorflow", "neural_network")
    best = select_model(
        first_model=trees,
        first_metrics=of_trees,
        second_model=xgboost,
        second_metrics=of_xgboost,
        third_model=lightgbm,
        third_metrics=of_lightgbm,
        fourth_model=catboost,
        fourth_metrics=of_catboost,
        fifth_model=network,
        fifth_metrics=of_network,
        metric=metric,
    )

    # A model is read by the library that wrote it: the best one decides about the environment.
    model, library = best.outputs["model"], best.outputs["library"]
    with dsl.If(library == "xgboost"):
        batch_predict.in_environment("xgboost-3")(data=data, model=model, key=key)
    with dsl.Elif(library == "lightgbm"):
        batch_predict.in_environment("lightgbm")(data=data, model=model, key=key)
    with dsl.Elif(library == "catboost"):
        batch_predict.in_environment("catboost-1")(data=data, model=model, key=key)
    with dsl.Elif(library == "keras"):
        batch_predict.in_environment("tensorflow")(data=data, model=model, key=key)
    with dsl.Else():
        batch_predict(data=data, model=model, key=key)
    return Outputs(estimator=best.outputs["estimator"], metric_value=best.outputs["value"])
