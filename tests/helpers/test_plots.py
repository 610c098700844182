import re
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow

DRAW = """
import numpy as np
from kfpkit.helpers.curves import calibration_bins, precision_recall_points, roc_curve
from kfpkit.helpers.plots import (
    calibration_plot,
    importance_plot,
    precision_recall_plot,
    probability_plot,
    residual_plot,
    roc_plot,
    value_plot,
)

labels = np.array([0, 0, 1, 1, 0, 1])
probabilities = np.array([0.0, 0.2, 0.7, 1.0, 0.4, 0.3])
pictures = [
    roc_plot(roc_curve(labels, probabilities)),
    probability_plot(labels, probabilities, ("not <i>", "<i>")),
    precision_recall_plot(precision_recall_points(labels, probabilities), 0.5),
    calibration_plot(calibration_bins(labels, probabilities)),
    value_plot(labels * 10.0, probabilities * 10),
    residual_plot(probabilities - labels),
    importance_plot([("<a>", 2.0), ("b" * 99, -0.1)], "importance", "Importance"),
]
result = [[picture.title, picture.svg] for picture in pictures]
"""


@pytest.fixture
def pictures(evaluate_in):
    return evaluate_in("sklearn", DRAW)


def test_a_picture_has_the_same_bytes_every_time(evaluate_in, pictures):
    assert evaluate_in("sklearn", DRAW) == pictures
    assert not any(re.search(r"\d{4}-\d{2}-\d{2}", svg) for _, svg in pictures)


def test_a_picture_needs_nothing_from_elsewhere(pictures):
    for _, svg in pictures:
        assert "<script" not in svg
        assert set(re.findall(r"(?:https?:)?//[^\s\"']+", svg)) == {"http://www.w3.org/2000/svg"}


def test_pictures_on_one_page_keep_their_styles_apart(pictures):
    identifiers = [re.findall(r' id="([^"]*)"', svg) for _, svg in pictures]

    assert identifiers == [
        ["chart-roc"],
        ["chart-probabilities"],
        ["chart-precision-recall"],
        ["chart-calibration"],
        ["chart-values"],
        ["chart-residuals"],
        ["chart-importance"],
    ]


def test_a_picture_has_a_name_for_screen_readers(pictures):
    for title, svg in pictures:
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        assert root.findtext("{http://www.w3.org/2000/svg}title") == title


def test_texts_of_a_picture_are_escaped(pictures):
    _, (_, svg), *_ = pictures

    assert "<i>" not in svg
    assert "probability of &lt;i&gt;" in svg


def texts_of(svg, kind):
    """Return the texts of a picture in groups of a kind, with where they begin."""
    groups = [
        group
        for group in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g")
        if kind in group.get("class", "").split()
    ]
    return [(one.text, one.get("x")) for group in groups for one in group if one.get("x")]


def test_axes_have_round_numbers_and_shares_are_per_cent(pictures):
    (_, roc), (_, probabilities), *_ = pictures
    rates = ["0", "0.25", "0.5", "0.75", "1"]

    assert [text for text, _ in texts_of(roc, "guides") if text] == rates + rates
    labels = [text for text, _ in texts_of(probabilities, "guides") if text]
    assert labels[-5:] == rates
    assert labels[:3] == ["0%", "4%", "8%"]


def test_axes_say_what_they_show(pictures):
    (_, roc), (_, probabilities), *_ = pictures

    assert [text for text, _ in texts_of(roc, "titles") if text] == [
        "false positive rate",
        "true positive rate",
    ]
    assert [text for text, _ in texts_of(probabilities, "titles") if text] == [
        "probability of <i>",
        "share of the label's rows",
    ]


def test_a_legend_has_a_line_for_each_label(pictures):
    _, (_, svg), *_ = pictures
    (first, left), (second, below) = [one for one in texts_of(svg, "legend") if one[0]]

    assert (first, second, left) == ("not <i>", "<i>", below)


def test_the_page_shines_through(pictures):
    for _, svg in pictures:
        assert ".graph &gt; .background{fill:transparent}" in svg
        assert ".plot &gt; .background{fill:transparent}" in svg


def test_names_of_bars_are_escaped_and_shortened(pictures):
    svg = pictures[-1][1]

    assert "<a>" not in svg
    assert "b" * 27 + "…" in svg
    assert "b" * 28 not in svg
