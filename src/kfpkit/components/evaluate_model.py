"""`evaluate_model`: how good a binary classifier is on data that it has not seen."""

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
    """Measure a binary classifier; run it in the environment that trained the model.

    Args:
        test_data: Rows that the model has not learned from, as Parquet, with the model's features
            and its target, both of whose values occur.
        model: The model, a folder from `train_model`.
        threshold: From which probability on a row counts as 1, for all metrics but `roc_auc` and
            `log_loss`.

    Returns:
        metrics: `accuracy`, `precision`, `recall`, `f1`, `roc_auc` (area under the receiver
            operating characteristic) and `log_loss` (natural logarithm), as scikit-learn's
            `sklearn.metrics` defines them, of the value 1; `rows` is how many were measured.
        curves: The confusion matrix at the threshold and the receiver operating characteristic,
            with at most 200 points.
        report: The same as a page with plots; the page needs no other file and no script.

    Raises:
        ValueError: A feature or the target is missing, or the target is not 0 and 1.
        ImportError: The environment does not hold the model's library.
        RuntimeError: The library's version here cannot read the model.
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
