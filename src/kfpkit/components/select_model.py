"""`select_model`: the better one of two models."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class Selection(NamedTuple):
    """Which model is better.

    Args:
        estimator: The model's estimator.
        library: The model's library.
        value: The model's value of the metric.
    """

    estimator: str
    library: str
    value: float


@kfpkit.component(environment="gcp")
def select_model(
    first_model: dsl.Input[dsl.Model],
    first_metrics: dsl.Input[dsl.Metrics],
    second_model: dsl.Input[dsl.Model],
    second_metrics: dsl.Input[dsl.Metrics],
    metric: str,
    model: dsl.Output[dsl.Model],
    goal: str = "maximize",
) -> Selection:
    """Select the better one of two models by one of their metrics.

    Args:
        first_model: A model from `train_model`; it wins if both are equally good.
        first_metrics: Its metrics from `evaluate_model`.
        second_model: Another model.
        second_metrics: Its metrics, measured on the same data.
        metric: The metric's name, such as `roc_auc`.
        goal: `maximize`, or `minimize` for a loss or an error.

    Returns:
        model: The better model: the same files and metadata, not copied.
        estimator: Its estimator, such as `random_forest`.
        library: Its library, `scikit-learn` or `xgboost`, by which a pipeline chooses the
            environment that can use it.
        value: Its value of the metric.

    Raises:
        ValueError: A model has no such metric or the metric is not a number, or the goal is
            neither of the two.
    """
    from kfpkit.helpers.selections import better

    models = (first_model, second_model)
    measured = (first_metrics.metadata, second_metrics.metadata)
    chosen = better(measured, metric, goal)
    model.uri = models[chosen].uri
    model.metadata = models[chosen].metadata
    return Selection(
        estimator=model.metadata["estimator"],
        library=model.metadata["library"],
        value=measured[chosen][metric],
    )
