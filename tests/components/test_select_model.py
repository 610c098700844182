import pytest

from kfpkit.components.select_model import select_model

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

FOREST = {"estimator": "random_forest", "library": "scikit-learn"}
BOOSTED = {"estimator": "xgboost", "library": "xgboost"}


@pytest.fixture
def candidates(artifact):
    return {
        "first_model": artifact("forest", FOREST),
        "first_metrics": artifact(
            "forest-metrics", {"roc_auc": 0.9, "log_loss": 0.2, "f1": 0.5, "f1_baseline": 0.6}
        ),
        "second_model": artifact("boosted", BOOSTED),
        "second_metrics": artifact(
            "boosted-metrics", {"roc_auc": 0.95, "log_loss": 0.3, "f1": 0.5}
        ),
    }


@pytest.mark.environments("*")
@pytest.mark.smoke("select_model")
def test_the_better_of_two_models_is_selected(run_component, candidates):
    done = run_component(select_model, **candidates, metric="roc_auc")

    assert done["model"] == candidates["second_model"]
    assert done.parameters["estimator"] == "xgboost"
    assert done.parameters["value"] == 0.95


@pytest.mark.parametrize(
    ("arguments", "better", "value"),
    [
        ({"metric": "log_loss", "goal": "minimize"}, "first_model", 0.2),
        ({"metric": "log_loss"}, "first_model", 0.2),
        ({"metric": "f1", "allow_baseline": True}, "first_model", 0.5),
    ],
)
def test_the_metric_and_its_direction_decide(call_component, candidates, arguments, better, value):
    done = call_component(select_model, **candidates, **arguments)

    assert done["model"] == candidates[better]
    assert done.parameters["estimator"] == candidates[better].metadata["estimator"]
    assert done.parameters["value"] == value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"metric": "auc"}, "Its metrics are: `f1`, `log_loss`, `roc_auc`."),
        ({"metric": "f1"}, "No model beats the baseline: the best `f1` is 0.5,"),
        ({"metric": "f1", "goal": "max"}, "Write `maximize` or `minimize`."),
    ],
)
def test_an_unknown_metric_or_goal_is_refused(call_component, candidates, arguments, message):
    done = call_component(select_model, fails=True, **candidates, **arguments)

    assert message in done.log


def test_one_of_six_is_selected(call_component, artifact):
    names = ("first", "second", "third", "fourth", "fifth", "sixth")
    candidates = {}
    for place, name in enumerate(names):
        candidates[f"{name}_model"] = artifact(name, {"estimator": name, "library": "xgboost"})
        measured = {"rmse": 9.0 - place, "rmse_baseline": 5.0}
        candidates[f"{name}_metrics"] = artifact(f"{name}-metrics", measured)

    done = call_component(select_model, metric="rmse", **candidates)

    assert done.parameters == {
        "estimator": "sixth",
        "library": "xgboost",
        "value": 4.0,
        "beats_baseline": True,
    }


def test_a_model_without_metrics_is_refused(call_component, candidates):
    del candidates["second_metrics"]

    done = call_component(select_model, fails=True, metric="roc_auc", **candidates)

    assert "Model 2 was passed without its metrics. Pass both." in done.log
