import pytest

pytestmark = pytest.mark.slow


def test_a_long_curve_is_thinned_and_keeps_its_corners(evaluate_in):
    curve = evaluate_in(
        "sklearn",
        """
        import numpy as np
        from kfpkit.helpers.metrics import roc_curve

        numbers = np.random.default_rng(1)
        labels = numbers.integers(0, 2, 5000)
        curve = roc_curve(labels, np.clip(labels * 0.2 + numbers.random(5000), 0, 1))
        result = [curve.false_positive_rates, curve.true_positive_rates, curve.thresholds]
        """,
    )

    false_positives, true_positives, thresholds = curve
    assert len(false_positives) == len(true_positives) == len(thresholds) == 200
    assert (false_positives[0], true_positives[0], thresholds[0]) == (0, 0, 1)
    assert (false_positives[-1], true_positives[-1]) == (1, 1)
    assert thresholds == sorted(thresholds, reverse=True)


def test_nothing_predicted_is_a_precision_of_zero(evaluate_in):
    scores = evaluate_in(
        "sklearn",
        """
        import numpy as np
        from kfpkit.helpers.metrics import confusion_matrix, scores

        labels, probabilities = np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3])
        result = scores(labels, probabilities, 0.5)
        result["confusion"] = confusion_matrix(labels, probabilities, 0.5)
        """,
    )

    assert (scores["precision"], scores["recall"], scores["f1"]) == (0, 0, 0)
    assert scores["confusion"] == [[1, 0], [2, 0]]
