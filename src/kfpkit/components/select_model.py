"""`select_model`: select the best of several models."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class Selection(NamedTuple):
    """The best model.

    Args:
        estimator: The model's estimator.
        library: The model's library.
        value: The model's value of the metric.
        beats_baseline: Whether it is better than a prediction without features.
    """

    estimator: str
    library: str
    value: float
    beats_baseline: bool


@kfpkit.component(environment="gcp")
def select_model(
    metric: str,
    model: dsl.Output[dsl.Model],
    first_model: dsl.Input[dsl.Model] | None = None,
    first_metrics: dsl.Input[dsl.Metrics] | None = None,
    second_model: dsl.Input[dsl.Model] | None = None,
    second_metrics: dsl.Input[dsl.Metrics] | None = None,
    third_model: dsl.Input[dsl.Model] | None = None,
    third_metrics: dsl.Input[dsl.Metrics] | None = None,
    fourth_model: dsl.Input[dsl.Model] | None = None,
    fourth_metrics: dsl.Input[dsl.Metrics] | None = None,
    fifth_model: dsl.Input[dsl.Model] | None = None,
    fifth_metrics: dsl.Input[dsl.Metrics] | None = None,
    sixth_model: dsl.Input[dsl.Model] | None = None,
    sixth_metrics: dsl.Input[dsl.Metrics] | None = None,
    models: dsl.Input[list[dsl.Model]] | None = None,
    models_metrics: dsl.Input[list[dsl.Metrics]] | None = None,
    goal: str = "",
    allow_baseline: bool = False,  # noqa: FBT001, FBT002 - a component's inputs go by name
) -> Selection:
    """Select the best of several models by a metric.

    Pass up to six models by name, or any number from a loop: `models=dsl.Collected(trained.outputs[
    "model"])` and `models_metrics=dsl.Collected(evaluated.outputs["metrics"])`.

    A model that does not beat a prediction without features, which `evaluate_model` measures on the
    same rows, is not selected: the task fails, unless you allow it.

    Args:
        metric: The metric to compare, such as `roc_auc` or `rmse`.
        first_model: A model that `train_model` wrote. In case of a tie, the first one is selected.
        first_metrics: Its metrics, from `evaluate_model`, measured on the same data as the others.
        second_model: Another model.
        second_metrics: Its metrics.
        third_model: Another model.
        third_metrics: Its metrics.
        fourth_model: Another model.
        fourth_metrics: Its metrics.
        fifth_model: Another model.
        fifth_metrics: Its metrics.
        sixth_model: Another model.
        sixth_metrics: Its metrics.
        models: The models of a loop.
        models_metrics: The metrics of each of them, in the same order.
        goal: `maximize` or `minimize`. Empty to know it from the metric.
        allow_baseline: Whether a model may be selected that does not beat the baseline. A warning
            is logged then.

    Returns:
        model: The best model, with the same files (not copied) and metadata.
        estimator: The model's estimator, such as `random_forest`.
        library: The model's library: `scikit-learn`, `xgboost`, `lightgbm`, `catboost`, `keras`, or
            `project`. A pipeline can use it to choose the environment of the next task.
        value: The model's value of the metric.
        beats_baseline: Whether the model is better than a prediction without features. False also
            if the metrics don't tell.

    Raises:
        ValueError: The metric is missing or is not a number, the goal is neither `maximize` nor
            `minimize`, a model lacks its metrics, or no model beats the baseline.
    """
    from kfpkit.helpers.selections import beats_baseline, better, pair, require_better

    candidates = pair(
        [
            (first_model, first_metrics),
            (second_model, second_metrics),
            (third_model, third_metrics),
            (fourth_model, fourth_metrics),
            (fifth_model, fifth_metrics),
            (sixth_model, sixth_metrics),
        ],
        models or [],
        models_metrics or [],
    )
    measured = [metrics.metadata for _, metrics in candidates]
    at = better(measured, metric, goal)
    require_better(measured[at], metric, goal, is_allowed=allow_baseline)
    chosen = candidates[at][0]
    model.uri = chosen.uri
    model.metadata = chosen.metadata
    return Selection(
        estimator=model.metadata["estimator"],
        library=model.metadata["library"],
        value=measured[at][metric],
        beats_baseline=bool(beats_baseline(measured[at], metric, goal)),
    )
