"""`evaluate_model`: measure a model on data that it was not trained on."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class Evaluated(NamedTuple):
    """What the evaluation decided.

    Args:
        threshold: The lowest probability at which a row is predicted as 1.
    """

    threshold: float


@kfpkit.component(environment="sklearn")
def evaluate_model(
    test_data: dsl.Input[dsl.Dataset],
    model: dsl.Input[dsl.Model],
    metrics: dsl.Output[dsl.Metrics],
    curves: dsl.Output[dsl.ClassificationMetrics],
    report: dsl.Output[dsl.HTML],
    threshold: float = 0.5,
    costs: dict[str, float] = {},  # noqa: B006 - KFP's defaults are constants; nothing changes it
    slices: list[str] = [],  # noqa: B006 - as `costs`
    smallest_group: int = 30,
    resamples: int = 200,
    skip_missing_target: bool = False,  # noqa: FBT001, FBT002 - a component's inputs go by name
    seed: int = 0,
    most_rows: int = 0,
) -> Evaluated:
    """Measure how well a model predicts test data.

    Run this component in the environment that trained the model.

    Args:
        test_data: Rows that the model was not trained on, as Parquet, with the model's columns and
            its target. Two or more classes must occur.
        model: A model that `train_model` wrote.
        threshold: For `binary`: the lowest probability at which a row is predicted as 1. It affects
            `accuracy`, `precision`, `recall` and `f1`.
        costs: For `binary`: the cost of each mistake, as in `{"false_positive": 1,
            "false_negative": 10}`. If given, the threshold with the lowest cost on the test data
            replaces `threshold`. Measured on the same rows, that cost is slightly optimistic.
        slices: Columns whose groups are measured separately: each value, or quarters of numbers and
            dates.
        smallest_group: The fewest rows of a group that the report shows.
        resamples: The number of bootstrap resamples behind the intervals. 0 for no intervals.
        skip_missing_target: Whether rows without a target are left out, with a line in the log.
            Otherwise, they are refused.
        seed: The random seed of the bootstrap and of permutations.
        most_rows: The most rows to measure, at even distances; the log says how many they are. 0
            for all rows. A table that memory probably does not hold is refused.

    Returns:
        metrics: For `binary`: `accuracy`, `precision`, `recall`, `f1`, `roc_auc` (area under the
            receiver operating characteristic curve), `average_precision`, `log_loss` (natural
            logarithm) and `brier_score`. For `multiclass`: `accuracy`, `balanced_accuracy`,
            `macro_f1`, `roc_auc` (mean of each class against the rest) and `log_loss`. For
            `regression`: `rmse`, `mae` and `r2`. All are as defined by scikit-learn's
            `sklearn.metrics`. `_baseline` after a name is the metric of a prediction without
            features, from the training rows. `rows` is the number of test rows.
        curves: For classes: the confusion matrix, and for `binary` the receiver operating
            characteristic curve with at most 200 points.
        report: A self-contained HTML page without scripts: metrics with bootstrap intervals (95 %)
            beside the baseline, plots that fit the task, groups, permutation importance of each
            column, SHAP values of XGBoost, LightGBM and CatBoost, and how the model was trained.
        threshold: The threshold that was used.

    Raises:
        ValueError: A column or the target is missing or has other values than in training, the test
            data has one class only, or the model is damaged.
        ImportError: The environment does not contain the model's library.
        RuntimeError: The installed versions cannot read the model.
        MemoryError: The rows probably need more memory than the task may use.
    """
    import math
    from pathlib import Path

    from kfpkit.helpers.curves import roc_curve
    from kfpkit.helpers.evaluation_pages import evaluation_page
    from kfpkit.helpers.evaluations import evaluate
    from kfpkit.helpers.metrics import confusion_matrix
    from kfpkit.helpers.models import load_model
    from kfpkit.helpers.table_memory import read_bounded
    from kfpkit.helpers.targets import drop_missing

    loaded, table = load_model(Path(model.path)), read_bounded(test_data.path, most_rows)
    done = evaluate(
        loaded,
        drop_missing(table, loaded.target.name) if skip_missing_target else table,
        threshold=threshold,
        costs=costs,
        slices=slices,
        smallest_group=smallest_group,
        resamples=resamples,
        seed=seed,
    )
    baseline = {f"{name}_baseline": value for name, value in done.baseline.items()}
    for name, value in {**done.metrics, **baseline}.items():
        if not math.isnan(value):
            metrics.log_metric(name, value)
    metrics.log_metric("rows", len(done.predicted.target))
    if done.target.task != "regression":
        curves.log_confusion_matrix(done.target.labels, confusion_matrix(done.predicted))
    if done.target.task == "binary":
        roc = roc_curve(done.predicted.target, done.predicted.outputs[:, 1])
        curves.log_roc_curve(
            list(roc.false_positive_rates), list(roc.true_positive_rates), list(roc.thresholds)
        )
    Path(report.path).write_text(evaluation_page(done), encoding="utf-8")
    return Evaluated(threshold=done.predicted.threshold)
