import logging

import pytest

from kfpkit.helpers.selections import beats_baseline, better, goal_of, pair, require_better

MEASURED = [{"f1": 0.5, "loss": 0.2}, {"f1": 0.7, "loss": 0.4}, {"f1": 0.7, "loss": 0.1}]


@pytest.mark.parametrize(
    ("metric", "goal", "best"), [("f1", "maximize", 1), ("loss", "minimize", 2), ("f1", "", 1)]
)
def test_the_first_of_the_best_is_chosen(metric, goal, best):
    assert better(MEASURED, metric, goal) == best


@pytest.mark.parametrize(("metric", "goal"), [("rmse", "minimize"), ("r2", "maximize")])
def test_the_goal_follows_from_a_known_metric(metric, goal):
    assert goal_of(metric) == goal


def test_the_goal_of_an_unknown_metric_is_needed():
    with pytest.raises(ValueError, match="The goal of the metric `loss` is not known"):
        better(MEASURED, "loss")


def test_a_metric_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="`f1` is not a number"):
        better([{"f1": 0.5}, {"f1": float("nan")}], "f1", "maximize")


def test_a_metric_that_one_model_lacks_is_refused():
    with pytest.raises(ValueError, match=r"lacks the metric `f1`\. Its metrics are: `loss`"):
        better([{"f1": 0.5}, {"loss": 0.1, "loss_baseline": 0.3}], "f1", "maximize")


def test_no_model_is_refused():
    with pytest.raises(ValueError, match="There is no model to select from"):
        better([], "f1")


@pytest.mark.parametrize(
    ("metrics", "metric", "beats"),
    [
        ({"f1": 0.5, "f1_baseline": 0.4}, "f1", True),
        ({"f1": 0.4, "f1_baseline": 0.4}, "f1", False),
        ({"rmse": 5.0, "rmse_baseline": 4.0}, "rmse", False),
        ({"rmse": 3.0}, "rmse", None),
    ],
)
def test_a_model_is_compared_to_the_baseline(metrics, metric, beats):
    assert beats_baseline(metrics, metric) is beats


def test_a_model_that_does_not_beat_the_baseline_is_refused_or_named(caplog):
    metrics = {"f1": 0.4, "f1_baseline": 0.5}

    with pytest.raises(ValueError, match=r"the best `f1` is 0\.4, and .* has 0\.5.*allow_baseline"):
        require_better(metrics, "f1")
    with caplog.at_level(logging.WARNING):
        require_better(metrics, "f1", is_allowed=True)
        require_better({"f1": 0.4}, "f1")

    assert "No model beats the baseline" in caplog.text
    assert "was not compared" in caplog.text


def test_models_come_with_their_metrics():
    assert pair([("a", 1), (None, None), ("b", 2)], ["c"], [3]) == [("a", 1), ("b", 2), ("c", 3)]
    with pytest.raises(ValueError, match="Model 2 was passed without its metrics"):
        pair([("a", 1), ("b", None)], [], [])
    with pytest.raises(ValueError, match="2 models and 1 metrics were passed"):
        pair([], ["a", "b"], [1])
