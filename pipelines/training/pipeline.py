"""Train two models, each in its own environment; predict with the better one."""

from pathlib import Path
from typing import NamedTuple

from kfp import dsl

from kfpkit.components import (
    batch_predict,
    bigquery_extract,
    bigquery_load,
    bigquery_query,
    evaluate_model,
    select_model,
    split_data,
    train_model,
    validate_data,
)

HERE = Path(__file__).parent
SAMPLES = (HERE / "sql" / "samples.sql").read_text(encoding="utf-8")
SCHEMA = (HERE / "schema.yaml").read_text(encoding="utf-8")
KEY = "sample_id"
TARGET = "malignant"


class Outputs(NamedTuple):
    """What the pipeline hands back.

    Args:
        predictions: The table with the predictions, `project.dataset.table`.
        estimator: The better model's estimator.
        metric_value: Its value of the metric that decided.
    """

    predictions: str
    estimator: str
    metric_value: float


@dsl.pipeline(name="training")
def training(
    dataset: str = "diagnosis",
    filters: dict[str, float] = {"min_mean_radius": 0.0},  # noqa: B006 - KFP's defaults are constants
    test_fraction: float = 0.25,
    metric: str = "roc_auc",
) -> Outputs:
    """Tell malignant from benign samples.

    Args:
        dataset: The BigQuery dataset with the table `breast_cancer`; the query's result and the
            predictions go there too.
        filters: The parameters of `sql/samples.sql`.
        test_fraction: Which share of the samples measures the models.
        metric: The metric, to be maximized, that decides between the models.
    """
    samples = bigquery_query(query=SAMPLES, parameters=filters, destination=f"{dataset}.samples")
    extracted = bigquery_extract(table=samples.outputs["table"])
    checked = validate_data(data=extracted.outputs["data"], schema=SCHEMA, key=KEY)
    data = checked.outputs["valid_data"]
    split = split_data(data=data, key=KEY, test_fraction=test_fraction)
    train_data, test_data = split.outputs["train_data"], split.outputs["test_data"]

    # The two sides need nothing of each other: they run in parallel, each in its environment.
    forest = train_model(
        train_data=train_data, estimator="random_forest", target=TARGET, key=KEY
    ).outputs["model"]
    boosted = train_model.in_environment("xgboost-3")(
        train_data=train_data, estimator="xgboost", target=TARGET, key=KEY
    ).outputs["model"]
    forest_tested = evaluate_model(test_data=test_data, model=forest)
    boosted_tested = evaluate_model.in_environment("xgboost-3")(test_data=test_data, model=boosted)
    best = select_model(
        first_model=forest,
        first_metrics=forest_tested.outputs["metrics"],
        second_model=boosted,
        second_metrics=boosted_tested.outputs["metrics"],
        metric=metric,
    )

    # A model is read by the library that wrote it: the better one decides about the environment.
    model = best.outputs["model"]
    with dsl.If(best.outputs["library"] == "xgboost"):
        by_boosted = batch_predict.in_environment("xgboost-3")(data=data, model=model, key=KEY)
    with dsl.Else():
        by_forest = batch_predict(data=data, model=model, key=KEY)
    predictions = dsl.OneOf(by_boosted.outputs["predictions"], by_forest.outputs["predictions"])

    loaded = bigquery_load(data=predictions, destination=f"{dataset}.predictions")
    return Outputs(
        predictions=loaded.outputs["name"],
        estimator=best.outputs["estimator"],
        metric_value=best.outputs["value"],
    )
