"""`evaluate_model`: measure a binary classifier on data that it was not trained on."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def evaluate_model(
    test_data: dsl.Input[dsl.Dataset],
    model: dsl.Input[dsl.Model],
    metrics: dsl.Output[dsl.Metrics],
    curves: dsl.Output[dsl.ClassificationMetrics],
    report: dsl.Output[dsl.HTML],
    threshold: float = 0.5,
) -> None:
    """Measure how well a binary classifier predicts test data.

    Run this component in the environment that trained the model.

    Args:
        test_data: Rows that the model was not trained on, as Parquet, with the model's features
            and its target. The target must contain both 0 and 1.
        model: A model that `train_model` wrote.
        threshold: The lowest probability at which a row is predicted as 1. It affects all metrics
            except `roc_auc` and `log_loss`.

    Returns:
        metrics: `accuracy`, `precision`, `recall`, `f1`, `roc_auc` (area under the receiver
            operating characteristic curve) and `log_loss` (natural logarithm), as defined by
            scikit-learn's `sklearn.metrics`, with 1 as the positive class; `rows` is the number of
            test rows.
        curves: The confusion matrix at the threshold, and the receiver operating characteristic
            curve with at most 200 points.
        report: The same results with plots, as a self-contained HTML page without scripts.

    Raises:
        ValueError: A feature or the target is missing, or the target does not consist of 0 and 1.
        ImportError: The environment does not contain the model's library.
        RuntimeError: The installed version of the library cannot read the model.
    """
    from pathlib import Path

    from kfpkit.helpers.evaluations import evaluate, evaluation_report
    from kfpkit.helpers.models import load
    from kfpkit.helpers.tables import read_table

    evaluation = evaluate(load(Path(model.path)), read_table(test_data.path), threshold)
    for name, value in evaluation.scores.items():
        metrics.log_metric(name, value)
    metrics.log_metric("rows", len(evaluation.labels))
    curves.log_confusion_matrix(list(evaluation.categories), evaluation.confusion)
    curves.log_roc_curve(
        list(evaluation.roc.false_positive_rates),
        list(evaluation.roc.true_positive_rates),
        list(evaluation.roc.thresholds),
    )
    Path(report.path).write_text(evaluation_report(evaluation), encoding="utf-8")
