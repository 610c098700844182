"""Plots of a binary classifier, as PNG images."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.figure import Figure

from kfpkit.helpers.metrics import RocCurve

_SIZE = (4.8, 4.0)


def confusion_plot(counts: list[list[int]], categories: tuple[str, str]) -> bytes:
    """Draw a confusion matrix: rows are labels, columns are predictions."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    matrix = np.array(counts)
    axes.imshow(matrix, cmap="Blues")
    for (row, column), count in np.ndenumerate(matrix):
        shade = "white" if count > matrix.max() / 2 else "black"
        axes.text(column, row, str(count), ha="center", va="center", color=shade)
    axes.set_xticks([0, 1], categories)
    axes.set_yticks([0, 1], categories)
    axes.set_xlabel("predicted")
    axes.set_ylabel("label")
    return _png(figure)


def roc_plot(curve: RocCurve) -> bytes:
    """Draw a receiver operating characteristic."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.plot(curve.false_positive_rates, curve.true_positive_rates)
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    return _png(figure)


def probability_plot(
    labels: np.ndarray, probabilities: np.ndarray, categories: tuple[str, str]
) -> bytes:
    """Draw how the predicted probabilities are spread for each label."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    parts = [probabilities[labels == 0], probabilities[labels == 1]]
    axes.hist(parts, bins=20, range=(0, 1), histtype="step", label=categories)
    axes.set_yscale("symlog")
    axes.set_xlabel(f"probability of {categories[1]}")
    axes.set_ylabel("rows")
    axes.legend()
    return _png(figure)


def _png(figure: Figure) -> bytes:
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=100, bbox_inches="tight")
    return image.getvalue()
