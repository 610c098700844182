"""Evaluation pages: an evaluation as a self-contained HTML page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kfpkit.helpers.curves import calibration_bins, precision_recall_points, roc_curve
from kfpkit.helpers.evaluations import Evaluation, Group
from kfpkit.helpers.metrics import confusion_matrix
from kfpkit.helpers.plots import (
    calibration_plot,
    importance_plot,
    precision_recall_plot,
    probability_plot,
    residual_plot,
    roc_plot,
    value_plot,
)
from kfpkit.helpers.reports import Matrix, Picture, Table, html_page

_MOST_CLASSES = 12
_MOST_LISTED = 20
_OF_GROUPS = {
    "binary": ("roc_auc", "log_loss", "recall"),
    "multiclass": ("accuracy", "log_loss", "macro_f1"),
    "regression": ("rmse", "mae", "r2"),
}


def evaluation_page(evaluation: Evaluation) -> str:
    """Write an evaluation as an HTML page.

    It shows plots that fit the task, each metric with its interval beside the baseline, the metrics
    of groups, what the predictions depend on, and what the model was trained with. It doesn't show
    single rows.
    """
    card = evaluation.card
    summary = (
        f"`{card['estimator']}` ({card['library']}) predicts `{card['target']}` from "
        f"{len(card['signature'])} columns. It was trained with {card['rows']:,} rows and "
        f"evaluated with {len(evaluation.predicted.target):,}."
    )
    if evaluation.cost is not None:
        summary += (
            f" The threshold {evaluation.predicted.threshold:.4g} costs least on these rows: "
            f"{evaluation.cost:.4g} for each."
        )
    return html_page(
        f"Evaluation of {card['estimator']}",
        summary,
        values={name: _number(value) for name, value in evaluation.metrics.items()},
        figures=[*_task_figures(evaluation), *_importance_figures(evaluation)],
        tables=[table for table in _tables(evaluation) if table.rows],
    )


def _task_figures(evaluation: Evaluation) -> list[Matrix | Picture]:
    predicted, labels = evaluation.predicted, evaluation.target.labels
    if predicted.task == "regression":
        return [
            value_plot(predicted.target, predicted.outputs),
            residual_plot(predicted.outputs - predicted.target),
        ]
    if predicted.task == "multiclass":
        if len(labels) > _MOST_CLASSES:
            return []
        counts = confusion_matrix(predicted)
        return [Matrix(title="Confusion matrix", categories=labels, counts=counts)]
    of_one = predicted.outputs[:, 1]
    return [
        Matrix(
            title=f"Confusion matrix at {predicted.threshold:.4g}",
            categories=labels,
            counts=confusion_matrix(predicted),
        ),
        roc_plot(roc_curve(predicted.target, of_one)),
        precision_recall_plot(
            precision_recall_points(predicted.target, of_one), float(predicted.target.mean())
        ),
        probability_plot(predicted.target, of_one, (labels[0], labels[1])),
        calibration_plot(calibration_bins(predicted.target, of_one)),
    ]


def _importance_figures(evaluation: Evaluation) -> list[Picture]:
    loss = "rmse" if evaluation.target.task == "regression" else "log_loss"
    title = f"Permutation importance: growth of {loss}"
    figures = [importance_plot(evaluation.importances, "importance", title)]
    if evaluation.shap:
        figures.append(importance_plot(evaluation.shap, "shap", "Mean absolute SHAP value"))
    return figures


def _tables(evaluation: Evaluation) -> list[Table]:
    card = evaluation.card
    chosen = [[name, str(value)] for name, value in sorted(card["hyperparameters"].items())]
    versions = [[name, version] for name, version in sorted(card["versions"].items())]
    return [
        _metrics_table(evaluation),
        *_group_tables(evaluation),
        _listed("Permutation importance", "column", evaluation.importances),
        _listed("Mean absolute SHAP value", "feature", evaluation.shap),
        Table(title="Hyperparameters", header=("name", "value"), rows=chosen),
        Table(title="Versions", header=("distribution", "version"), rows=versions),
    ]


def _metrics_table(evaluation: Evaluation) -> Table:
    rows = []
    for name, value in evaluation.metrics.items():
        low, high = evaluation.intervals.get(name, (math.nan, math.nan))
        interval = "" if math.isnan(low) else f"{_short(low)} to {_short(high)}"
        rows.append([name, _short(value), interval, _short(evaluation.baseline[name])])
    return Table(
        title="Metrics",
        header=("metric", "value", "95 % interval", "baseline"),
        rows=rows,
        more=(
            "Intervals are percentiles of a bootstrap over the test rows. The baseline predicts "
            "without features."
        ),
    )


def _group_tables(evaluation: Evaluation) -> list[Table]:
    columns = dict.fromkeys(group.column for group in evaluation.groups)
    return [
        _group_table(
            column,
            _OF_GROUPS[evaluation.target.task],
            [each for each in evaluation.groups if each.column == column],
        )
        for column in columns
    ]


def _group_table(column: str, shown: Sequence[str], groups: Sequence[Group]) -> Table:
    return Table(
        title=f"By `{column}`",
        header=("value", "rows", *shown),
        rows=[
            [each.value, f"{each.rows:,}", *(_short(each.metrics[name]) for name in shown)]
            for each in groups
        ],
        more="Smaller groups are not shown.",
    )


def _listed(title: str, header: str, pairs: Sequence[tuple[str, float]]) -> Table:
    more = len(pairs) - _MOST_LISTED
    return Table(
        title=title,
        header=(header, "value"),
        rows=[[name, _number(value)] for name, value in pairs[:_MOST_LISTED]],
        more=f"{more} more have lower values." if more > 0 else "",
    )


def _number(value: float) -> str:
    if math.isnan(value):
        return "not defined"
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.6g}"  # noqa: PLR2004 - four decimals


def _short(value: float) -> str:
    return "n/a" if math.isnan(value) else f"{value:,.3g}"
