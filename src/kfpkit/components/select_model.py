"""`select_model`: select the better of two models."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class Selection(NamedTuple):
    """The better model.

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
    """Select the better of two models by a metric.

    Args:
        first_model: A model that `train_model` wrote. It is selected in case of a tie.
        first_metrics: The first model's metrics, from `evaluate_model`.
        second_model: The other model.
        second_metrics: The other model's metrics, measured on the same data.
        metric: The metric to compare, such as `roc_auc`.
        goal: `maximize`, or `minimize` for a loss or an error.

    Returns:
        model: The better model, with the same files (not copied) and metadata.
        estimator: The model's estimator, such as `random_forest`.
        library: The model's library, `scikit-learn` or `xgboost`. A pipeline can use it to choose
            the environment of the next task.
        value: The model's value of the metric.

    Raises:
        ValueError: The metric is missing or is not a number, or the goal is neither `maximize` nor
            `minimize`.
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
