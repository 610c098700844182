"""From a file to a judged model: several libraries side by side, chosen by configuration alone."""

from typing import Any, NamedTuple

from kfp import dsl

from kfpkit.components import (
    batch_predict,
    evaluate_model,
    fit_transformer,
    import_file,
    profile_data,
    select_model,
    split_data,
    train_model,
    validate_data,
)


class Contender(NamedTuple):
    """A model that competes.

    Args:
        environment: The environment of its library.
        library: The library, as `select_model` names it.
        estimator: The estimator, as `train_model` takes it.
    """

    environment: str
    library: str
    estimator: str


CONTENDERS = (
    Contender("sklearn", "scikit-learn", "gradient_boosting"),
    Contender("xgboost-3", "xgboost", "xgboost"),
    Contender("lightgbm", "lightgbm", "lightgbm"),
    Contender("catboost-1", "catboost", "catboost"),
    Contender("tensorflow", "keras", "neural_network"),
)
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")  # the inputs of `select_model`
HOME = "sklearn"  # for tasks that need none of the libraries


class Outputs(NamedTuple):
    """What the pipeline hands back.

    Args:
        estimator: The best model's estimator.
        metric_value: Its value of the metric that decided.
    """

    estimator: str
    metric_value: float


def train_contenders(train_data: Any, features: str, **settings: Any) -> list[Any]:
    """Train each contender on the same features."""
    transformer = fit_transformer.in_environment(HOME)(
        train_data=train_data,
        target=settings["target"],
        key=settings["key"],
        description=features,
    ).outputs["transformer"]
    return [
        train_model.in_environment(each.environment)(
            train_data=train_data, transformer=transformer, estimator=each.estimator, **settings
        ).outputs["model"]
        for each in CONTENDERS
    ]


def measure_contenders(test_data: Any, models: list[Any], **settings: Any) -> list[Any]:
    """Measure each model on rows that none was trained on."""
    return [
        evaluate_model.in_environment(each.environment)(
            test_data=test_data, model=model, **settings
        ).outputs["metrics"]
        for each, model in zip(CONTENDERS, models, strict=True)
    ]


def select_best(models: list[Any], metrics: list[Any], metric: str) -> Any:
    """Select the best model, if it beats a prediction without features."""
    candidates: dict[str, Any] = {}
    for place, model, measured in zip(PLACES, models, metrics, strict=False):
        candidates |= {f"{place}_model": model, f"{place}_metrics": measured}
    return select_model.in_environment(HOME)(metric=metric, **candidates).outputs


def predict_with(model: Any, library: Any, table: Any, key: str) -> None:
    """Predict all rows. Only the library that wrote a model can read it: it decides where."""
    branch: Any = dsl.If
    for each in CONTENDERS:
        with branch(library == each.library):
            batch_predict.in_environment(each.environment)(data=table, model=model, key=key)
        branch = dsl.Elif


@dsl.pipeline(name="any-table")
def any_table(  # noqa: PLR0913, PLR0917 - a pipeline's parameters are its interface
    source: str,
    key: str,
    target: str,
    task: str = "binary",
    metric: str = "roc_auc",
    types: dict[str, str] = {},  # noqa: B006 - KFP's defaults are constants
    schema: str = "",
    features: str = "",
    positive: str = "",
    slices: list[str] = [],  # noqa: B006 - as above
    split_method: str = "hash",
    split_column: str = "",
    test_fraction: float = 0.25,
    early_stopping_rounds: int = 20,
    skip_missing_target: bool = False,  # noqa: FBT001, FBT002 - as above
) -> Outputs:
    """Train several models on a table of any types, and predict with the best one.

    Args:
        source: The file: CSV, JSON Lines or Parquet; a path, `https://` or `gs://`.
        key: The column that identifies a row.
        target: The column to predict.
        task: `binary`, `multiclass` or `regression`.
        metric: The metric that decides between the models, such as `roc_auc` or `rmse`.
        types: Types of columns that are not to be recognized, as `import_file` takes them.
        schema: What the table must hold, in pandera's YAML format, as `validate_data` takes it.
            Nothing is trained on a table that violates it. Empty to check only the keys.
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
    table = import_file.in_environment(HOME)(source=source, types=types).outputs["data"]
    profile_data.in_environment(HOME)(data=table, key=key, target=target)
    valid = validate_data(data=table, schema=schema, key=key).outputs["valid_data"]
    rows = split_data.in_environment(HOME)(
        data=valid, key=key, test_fraction=test_fraction, method=split_method, column=split_column
    ).outputs
    models = train_contenders(
        rows["train_data"],
        features,
        target=target,
        key=key,
        task=task,
        positive=positive,
        early_stopping_rounds=early_stopping_rounds,
        skip_missing_target=skip_missing_target,
    )
    metrics = measure_contenders(
        rows["test_data"], models, slices=slices, skip_missing_target=skip_missing_target
    )
    best = select_best(models, metrics, metric)
    predict_with(best["model"], best["library"], valid, key)
    return Outputs(estimator=best["estimator"], metric_value=best["value"])
