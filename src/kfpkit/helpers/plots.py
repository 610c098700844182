"""Plots of a binary classifier, as SVG for a page, without scripts and reproducible."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pygal
from pygal.style import Style

from kfpkit.helpers.metrics import RocCurve
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
    "x_labels": _TICKS,
    "x_value_formatter": "{:g}".format,
}
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
        **_LOOK,
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
        **_LOOK,
    )
    for label, name in enumerate(categories):
        counts, edges = np.histogram(probabilities[labels == label], bins=_BINS, range=(0, 1))
        # Shares, not counts, because the rarer label is often the one that matters.
        shares = counts / max(counts.sum(), 1)
        bars = zip(shares.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        chart.add(name, list(bars))
    return _picture(chart, "probabilities", "Predicted probabilities")


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
