import pytest

from kfpkit.helpers.selections import better

MEASURED = [{"f1": 0.5, "loss": 0.2}, {"f1": 0.7, "loss": 0.4}, {"f1": 0.7, "loss": 0.1}]


@pytest.mark.parametrize(
    ("metric", "goal", "best"), [("f1", "maximize", 1), ("loss", "minimize", 2)]
)
def test_the_first_of_the_best_is_chosen(metric, goal, best):
    assert better(MEASURED, metric, goal) == best


def test_a_metric_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="`f1` is not a number"):
        better([{"f1": 0.5}, {"f1": float("nan")}], "f1", "maximize")


def test_a_metric_that_one_model_lacks_is_refused():
    with pytest.raises(ValueError, match=r"lacks the metric `f1`\. Its metrics are: `loss`"):
        better([{"f1": 0.5}, {"loss": 0.1}], "f1", "maximize")
