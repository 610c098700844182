"""Plots of predictions, as SVG for a page, without scripts and reproducible."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pygal
from pygal.style import Style

from kfpkit.helpers.curves import CalibrationBin, RocCurve
from kfpkit.helpers.reports import Picture

_BINS = 20
# Colors of the report's stylesheet, light or dark.
_FIRST, _SECOND, _CHANCE, _GRID = "var(--near)", "var(--busy-fill)", "var(--soft)", "var(--line)"
_TICKS = (0, 0.25, 0.5, 0.75, 1)
_LOOK: dict[str, Any] = {
    "width": 448,
    "height": 380,
    "margin": 10,
    "explicit_size": True,
    "disable_xml_declaration": True,
    "js": (),
    "x_value_formatter": "{:g}".format,
}
_UNIT_LOOK: dict[str, Any] = {**_LOOK, "x_labels": _TICKS}
_MOST_POINTS = 500
_MOST_BARS = 12
_BAR_TICKS = 4
_LONGEST_NAME = 28
_FONT_SIZES = {f"{part}_font_size": 13 for part in ("label", "major_label", "legend", "title")}


def roc_plot(curve: RocCurve) -> Picture:
    """Draw a receiver operating characteristic curve, and the diagonal of chance."""
    chart = pygal.XY(
        style=_style(_FIRST, _CHANCE, stroke_width="2"),
        show_dots=False,
        show_legend=False,
        x_title="false positive rate",
        y_title="true positive rate",
        y_labels=_TICKS,
        value_formatter="{:g}".format,
        **_UNIT_LOOK,
    )
    rates = zip(curve.false_positive_rates, curve.true_positive_rates, strict=True)
    chart.add("model", list(rates))
    chart.add("chance", [(0, 0), (1, 1)], stroke_style={"dasharray": "2, 4"})
    return _picture(chart, "roc", "Receiver operating characteristic")


def probability_plot(
    labels: np.ndarray, probabilities: np.ndarray, categories: tuple[str, str]
) -> Picture:
    """Draw the distribution of the predicted probabilities for each label."""
    chart = pygal.Histogram(
        style=_style(_FIRST, _SECOND, stroke_width="1"),
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
        x_title=f"probability of {categories[1]}",
        y_title="share of the label's rows",
        value_formatter="{:.0%}".format,
        **_UNIT_LOOK,
    )
    for label, name in enumerate(categories):
        counts, edges = np.histogram(probabilities[labels == label], bins=_BINS, range=(0, 1))
        # Shares, not counts, because the rarer label is often the one that matters.
        shares = counts / max(counts.sum(), 1)
        bars = zip(shares.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        chart.add(name, list(bars))
    return _picture(chart, "probabilities", "Predicted probabilities")


def precision_recall_plot(points: Sequence[tuple[float, float]], share: float) -> Picture:
    """Draw precision over recall, and the share of 1 as the line of chance."""
    chart = pygal.XY(
        style=_style(_FIRST, _CHANCE, stroke_width="2"),
        show_dots=False,
        show_legend=False,
        x_title="recall",
        y_title="precision",
        y_labels=_TICKS,
        value_formatter="{:g}".format,
        **_UNIT_LOOK,
    )
    chart.add("model", list(points))
    chart.add("chance", [(0, share), (1, share)], stroke_style={"dasharray": "2, 4"})
    return _picture(chart, "precision-recall", "Precision and recall")


def calibration_plot(bins: Sequence[CalibrationBin]) -> Picture:
    """Draw the share of 1 over the mean probability of each bin, and the diagonal of honesty."""
    chart = pygal.XY(
        style=_style(_FIRST, _CHANCE, stroke_width="2"),
        show_legend=False,
        dots_size=4,
        x_title="mean probability",
        y_title="share of the positive class",
        y_labels=_TICKS,
        value_formatter="{:.3g}".format,
        **_UNIT_LOOK,
    )
    chart.add("model", [(each.predicted, each.actual) for each in bins])
    chart.add("honest", [(0, 0), (1, 1)], stroke_style={"dasharray": "2, 4"}, show_dots=False)
    return _picture(chart, "calibration", "Calibration")


def value_plot(target: np.ndarray, predicted: np.ndarray) -> Picture:
    """Draw predicted over actual values of up to 500 rows, and the diagonal."""
    chart = pygal.XY(
        style=_style(_FIRST, _CHANCE, stroke_width="1"),
        show_legend=False,
        x_title="actual",
        y_title="predicted",
        value_formatter="{:g}".format,
        **_LOOK,
    )
    shown = np.linspace(0, len(target) - 1, min(len(target), _MOST_POINTS)).astype(int)
    points = zip(target[shown].tolist(), predicted[shown].tolist(), strict=True)
    low, high = float(target.min()), float(target.max())
    chart.add("rows", list(points), stroke=False, dots_size=2)
    chart.add("equal", [(low, low), (high, high)], show_dots=False)
    return _picture(chart, "values", "Predicted and actual values")


def residual_plot(residuals: np.ndarray) -> Picture:
    """Draw the distribution of predicted minus actual values."""
    chart = pygal.Histogram(
        style=_style(_FIRST, stroke_width="1"),
        show_legend=False,
        x_title="predicted minus actual",
        y_title="share of rows",
        value_formatter="{:.0%}".format,
        **_LOOK,
    )
    # A few extreme rows would leave one bar for all others.
    low, high = np.quantile(residuals, [0.005, 0.995])
    counts, edges = np.histogram(
        residuals, bins=_BINS, range=(low, high if high > low else low + 1)
    )
    shares = counts / len(residuals)
    bars = zip(shares.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    chart.add("rows", list(bars))
    return _picture(chart, "residuals", "Residuals")


def importance_plot(
    importances: Sequence[tuple[str, float]], identifier: str, title: str
) -> Picture:
    """Draw the twelve largest values as bars, the largest at the top."""
    shown = list(importances[:_MOST_BARS])[::-1]
    chart = pygal.HorizontalBar(
        style=_style(_FIRST, stroke_width="0"),
        show_legend=False,
        value_formatter="{:.2g}".format,
        **{name: value for name, value in _LOOK.items() if name != "x_value_formatter"},
    )
    chart.x_labels = [_shortened(name) for name, _ in shown]
    ends = np.array([min(0.0, *(value for _, value in shown)), max(value for _, value in shown)])
    chart.y_labels = np.linspace(*ends, _BAR_TICKS).tolist() if np.ptp(ends) else [0]
    chart.add("value", [value for _, value in shown])
    return _picture(chart, identifier, title)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _style(*colors: str, stroke_width: str) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        font_family="var(--sans)",
        foreground="var(--soft)",
        foreground_strong="var(--text)",
        foreground_subtle="var(--line)",
        guide_stroke_color=_GRID,
        guide_stroke_dasharray="none",
        major_guide_stroke_color=_GRID,
        major_guide_stroke_dasharray="none",
        colors=colors,
        opacity=".5",
        stroke_width=stroke_width,
        **_FONT_SIZES,
    )


def _picture(chart: Any, identifier: str, title: str) -> Picture:
    """Render a chart whose styles apply to `#chart-IDENTIFIER`, not to a random identifier."""
    chart.uuid = identifier
    chart.add_xml_filter(partial(_tidy, title=title))
    return Picture(title=title, svg=chart.render())


def _tidy(root: Any, title: str) -> Any:
    """Name the picture for screen readers. Remove scripts, their data, and today's date."""
    root.set("role", "img")
    root.find("title").text = title
    for parent in list(root.iter()):
        for node in list(parent):
            comment = not isinstance(node.tag, str)
            if comment or node.tag in {"script", "desc"}:
                parent.remove(node)
            else:
                node.attrib.pop("id", None)
    return root
