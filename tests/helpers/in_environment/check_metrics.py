"""Metrics and curves beside scikit-learn's, checked in an environment that has it."""

import math

import numpy as np
import pytest
from sklearn import metrics as expected

from kfpkit.helpers.curves import (
    calibration_bins,
    cheapest_threshold,
    precision_recall_points,
    roc_curve,
)
from kfpkit.helpers.metrics import Predicted, confusion_matrix, find_intervals

NUMBERS = np.random.default_rng(1)
ROWS = 500
LABELS = NUMBERS.integers(0, 2, ROWS)
# Rounded, so that rows tie.
OF_ONE = np.clip(LABELS * 0.2 + NUMBERS.random(ROWS), 0, 1).round(2)
BINARY = Predicted("binary", LABELS, np.column_stack([1 - OF_ONE, OF_ONE]), 0.4)
CLASSES = NUMBERS.integers(0, 3, ROWS)
SHARES = NUMBERS.dirichlet([1, 1, 1], ROWS)
MULTICLASS = Predicted("multiclass", CLASSES, SHARES)
VALUES = NUMBERS.normal(size=ROWS)
REGRESSION = Predicted("regression", VALUES, VALUES + NUMBERS.normal(size=ROWS))


@pytest.fixture(params=["alike", "weighed"])
def weights(request):
    return None if request.param == "alike" else NUMBERS.integers(0, 4, ROWS).astype(float)


def test_binary_metrics_are_those_of_scikit_learn(weights):
    chosen, options = OF_ONE >= 0.4, {"sample_weight": weights}

    assert BINARY.measure(weights) == pytest.approx(
        {
            "accuracy": expected.accuracy_score(LABELS, chosen, **options),
            "precision": expected.precision_score(LABELS, chosen, **options),
            "recall": expected.recall_score(LABELS, chosen, **options),
            "f1": expected.f1_score(LABELS, chosen, **options),
            "roc_auc": expected.roc_auc_score(LABELS, OF_ONE, **options),
            "average_precision": expected.average_precision_score(LABELS, OF_ONE, **options),
            "log_loss": expected.log_loss(LABELS, OF_ONE, **options),
            "brier_score": expected.brier_score_loss(LABELS, OF_ONE, **options),
        }
    )


def test_metrics_of_classes_are_those_of_scikit_learn(weights):
    chosen, options = SHARES.argmax(axis=1), {"sample_weight": weights}

    assert MULTICLASS.measure(weights) == pytest.approx(
        {
            "accuracy": expected.accuracy_score(CLASSES, chosen, **options),
            "balanced_accuracy": expected.balanced_accuracy_score(CLASSES, chosen, **options),
            "macro_f1": expected.f1_score(CLASSES, chosen, average="macro", **options),
            "roc_auc": expected.roc_auc_score(CLASSES, SHARES, multi_class="ovr", **options),
            "log_loss": expected.log_loss(CLASSES, SHARES, **options),
        }
    )


def test_metrics_of_values_are_those_of_scikit_learn(weights):
    outputs, options = REGRESSION.outputs, {"sample_weight": weights}
    squared = expected.mean_squared_error(VALUES, outputs, **options)

    assert REGRESSION.measure(weights) == pytest.approx(
        {
            "rmse": math.sqrt(squared),
            "mae": expected.mean_absolute_error(VALUES, outputs, **options),
            "r2": expected.r2_score(VALUES, outputs, **options),
        }
    )


def test_nothing_predicted_is_a_precision_of_zero():
    none = Predicted("binary", LABELS, BINARY.outputs, 1.1).measure()

    assert (none["precision"], none["recall"], none["f1"]) == (0, 0, 0)


def test_one_class_defines_no_area():
    ones = LABELS == 1

    assert math.isnan(BINARY.take(np.flatnonzero(ones)).measure()["roc_auc"])


def test_an_interval_surrounds_its_metric_and_is_repeatable():
    intervals = find_intervals(BINARY, seed=3)

    assert intervals == find_intervals(BINARY, seed=3)
    for name, value in BINARY.measure().items():
        low, high = intervals[name]
        assert low < value < high
        assert high - low < 0.3


def test_a_confusion_matrix_has_labels_first():
    found = confusion_matrix(MULTICLASS)

    assert found == expected.confusion_matrix(CLASSES, SHARES.argmax(axis=1)).tolist()


def test_a_long_curve_is_thinned_and_keeps_its_corners():
    probabilities = np.clip(LABELS * 0.2 + NUMBERS.random(ROWS), 0, 1)
    curve = roc_curve(LABELS, probabilities)

    assert len(curve.thresholds) == 200
    assert (curve.false_positive_rates[0], curve.true_positive_rates[0]) == (0, 0)
    assert (curve.false_positive_rates[-1], curve.true_positive_rates[-1]) == (1, 1)
    assert curve.thresholds[0] == 1
    assert list(curve.thresholds) == sorted(curve.thresholds, reverse=True)
    assert expected.auc(curve.false_positive_rates, curve.true_positive_rates) == pytest.approx(
        expected.roc_auc_score(LABELS, probabilities), abs=0.01
    )


def test_precision_and_recall_are_those_of_scikit_learn():
    precisions, recalls, _ = expected.precision_recall_curve(LABELS, OF_ONE)
    points = set(zip(recalls.round(9).tolist(), precisions.round(9).tolist(), strict=True))

    found = precision_recall_points(LABELS, OF_ONE)

    assert {(round(recall, 9), round(precision, 9)) for recall, precision in found} <= points


def test_bins_of_a_calibration_hold_all_rows():
    bins = calibration_bins(LABELS, OF_ONE)

    assert sum(each.rows for each in bins) == ROWS
    assert sum(each.rows * each.actual for each in bins) == pytest.approx(LABELS.sum())
    assert [each.predicted for each in bins] == sorted(each.predicted for each in bins)


def test_one_probability_is_one_bin():
    assert [each.rows for each in calibration_bins(LABELS, np.full(ROWS, 0.3))] == [ROWS]


@pytest.mark.parametrize("costs", [(1, 1), (1, 20), (20, 1), (0, 1), (1, 0)])
def test_the_cheapest_threshold_is_the_cheapest(costs):
    wrong, missed = costs

    def cost_at(threshold):
        chosen = threshold <= OF_ONE
        return (wrong * (chosen & (LABELS == 0)) + missed * (~chosen & (LABELS == 1))).mean()

    found, cost = cheapest_threshold(
        LABELS, OF_ONE, {"false_positive": wrong, "false_negative": missed}
    )

    assert cost == pytest.approx(cost_at(found))
    assert cost == pytest.approx(min(map(cost_at, [*np.unique(OF_ONE), 2])))


@pytest.mark.parametrize(
    "costs", [{"false_positive": 1}, {"a": 1}, {"false_positive": -1, "false_negative": 1}]
)
def test_wrong_costs_are_refused(costs):
    with pytest.raises(ValueError, match="Give the cost of both mistakes"):
        cheapest_threshold(LABELS, OF_ONE, costs)
