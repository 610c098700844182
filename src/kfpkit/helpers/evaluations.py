"""Evaluations: the measurement of a model on a table, and its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kfpkit.helpers.metrics import RocCurve, confusion_matrix, roc_curve, scores
from kfpkit.helpers.models import Card, Model
from kfpkit.helpers.plots import probability_plot, roc_plot
from kfpkit.helpers.reports import Matrix, Table, html_page
from kfpkit.helpers.tables import binary_labels, require_columns


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The predictions of a model for a table.

    Args:
        card: The model's card.
        threshold: The lowest probability at which a row is predicted as 1.
        labels: 0 or 1 for each row.
        probabilities: The predicted probability of 1 for each row.
    """

    card: Card
    threshold: float
    labels: np.ndarray
    probabilities: np.ndarray

    @property
    def categories(self) -> tuple[str, str]:
        """The names of 0 and 1."""
        return f"not {self.card.target}", self.card.target

    @property
    def scores(self) -> Mapping[str, float]:
        """The metrics by name."""
        return scores(self.labels, self.probabilities, self.threshold)

    @property
    def confusion(self) -> list[list[int]]:
        """The counts of rows by label and prediction."""
        return confusion_matrix(self.labels, self.probabilities, self.threshold)

    @property
    def roc(self) -> RocCurve:
        """The receiver operating characteristic."""
        return roc_curve(self.labels, self.probabilities)


def evaluate(model: Model, table: pd.DataFrame, threshold: float) -> Evaluation:
    """Predict the rows of a table.

    Raises:
        ValueError: A feature or the target is missing, or the target doesn't contain 0 and 1.
    """
    require_columns(table, [model.card.target])
    return Evaluation(
        card=model.card,
        threshold=threshold,
        labels=binary_labels(table, model.card.target).to_numpy(),
        probabilities=model.probabilities(table),
    )


def evaluation_report(evaluation: Evaluation) -> str:
    """Write an evaluation as an HTML page."""
    card = evaluation.card
    summary = (
        f"`{card.estimator}` ({card.library}) predicts `{card.target}` from "
        f"{len(card.features)} features. It was trained with {card.rows} rows and evaluated with "
        f"{len(evaluation.labels)}."
    )
    confusion = Matrix(
        title=f"Confusion matrix at {evaluation.threshold}",
        categories=evaluation.categories,
        counts=evaluation.confusion,
    )
    spread = probability_plot(evaluation.labels, evaluation.probabilities, evaluation.categories)
    return html_page(
        f"Evaluation of {card.estimator}",
        summary,
        values={name: f"{value:.4f}" for name, value in evaluation.scores.items()},
        figures=[confusion, roc_plot(evaluation.roc), spread],
        tables=_card_tables(card),
    )


def _card_tables(card: Card) -> list[Table]:
    """Return tables of what a model was trained with, except empty ones."""
    chosen = [[name, str(value)] for name, value in sorted(card.hyperparameters.items())]
    versions = [[name, version] for name, version in sorted(card.versions.items())]
    tables = [
        Table(title="Hyperparameters", header=("name", "value"), rows=chosen),
        Table(title="Versions", header=("distribution", "version"), rows=versions),
    ]
    return [table for table in tables if table.rows]
