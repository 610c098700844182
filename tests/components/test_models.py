"""Training, evaluating, selecting and predicting, each model in its own environment."""

import math
import random

import pytest
from components.claims import WITH_SKLEARN
from components.tables import rows

from kfpkit.components.batch_predict import batch_predict
from kfpkit.components.evaluate_model import evaluate_model
from kfpkit.components.train_model import train_model

pytestmark = [pytest.mark.slow, pytest.mark.environments("sklearn", "xgboost-*")]

COLUMNS = {"target": "ill", "key": "id"}
FOREST = {"estimator": "random_forest", "hyperparameters": {"n_estimators": 20}, **COLUMNS}
LOGISTIC = {"estimator": "logistic_regression", **COLUMNS}
BOOSTED = {"estimator": "xgboost", "hyperparameters": {"n_estimators": 20}, **COLUMNS}


def patients(count, seed):
    """Make rows whose label hangs on `a`, with a share of noise."""
    numbers = random.Random(seed)
    rows = []
    for number in range(count):
        a, b = numbers.gauss(0, 1), numbers.gauss(0, 1)
        ill = int(a + numbers.gauss(0, 0.5) > 0)
        rows.append({"id": f"p{number}", "ill": ill, "a": a, "b": b})
    return rows


@pytest.fixture
def arguments(component_environment):
    """Return an estimator that the environment has the library of."""
    return BOOSTED if component_environment.startswith("xgboost") else FOREST


def test_a_model_is_kept_with_what_is_needed_to_use_it(run_component, table, arguments):
    data = table(patients(100, seed=1))

    done = run_component(train_model, train_data=data, **arguments)

    file = "model.ubj" if arguments is BOOSTED else "model.joblib"
    assert (done["model"].path / file).is_file()
    metadata = done["model"].metadata
    assert metadata["features"] == ["a", "b"]
    assert metadata["rows"] == 100
    assert metadata["hyperparameters"] == {"n_estimators": 20}
    assert set(metadata["versions"]) == {"python", "numpy", metadata["library"]}


@pytest.mark.environments(*WITH_SKLEARN)
def test_metrics_are_what_their_definitions_say(run_component, table, arguments):
    train, test = table(patients(200, seed=1)), table(patients(150, seed=2))
    trained = run_component(train_model, train_data=train, **arguments)
    model = trained["model"]

    predicted = run_component(batch_predict, data=test, model=model, key="id", threshold=0.4)
    measured = run_component(evaluate_model, test_data=test, model=model, threshold=0.4)

    labels = [row["ill"] for row in rows(test)]
    probabilities = [row["probability"] for row in rows(predicted["predictions"])]
    metrics = dict(measured["metrics"].metadata)
    assert metrics.pop("rows") == 150
    assert metrics == pytest.approx(by_definition(labels, probabilities, 0.4), rel=1e-6)


def by_definition(labels, probabilities, threshold):
    """Compute the metrics the slow way, without a library."""
    pairs = list(zip(labels, [p >= threshold for p in probabilities], strict=True))
    hits, wrong = pairs.count((1, True)), pairs.count((0, True))
    missed, spared = pairs.count((1, False)), pairs.count((0, False))
    ill = [p for y, p in zip(labels, probabilities, strict=True) if y]
    well = [p for y, p in zip(labels, probabilities, strict=True) if not y]
    ranked = sum((i > w) + (i == w) / 2 for i in ill for w in well)
    tiny = 2.0**-52
    of_label = [min(max(p, tiny), 1 - tiny) for p in [*ill, *(1 - p for p in well)]]
    return {
        "accuracy": (hits + spared) / len(labels),
        "precision": hits / (hits + wrong),
        "recall": hits / (hits + missed),
        "f1": 2 * hits / (2 * hits + wrong + missed),
        "roc_auc": ranked / (len(ill) * len(well)),
        "log_loss": -sum(map(math.log, of_label)) / len(labels),
    }


def test_an_evaluation_has_curves_and_a_report_with_plots(run_component, table, arguments):
    train, test = table(patients(200, seed=1)), table(patients(1500, seed=2))
    chosen = arguments if arguments is BOOSTED else LOGISTIC
    trained = run_component(train_model, train_data=train, **chosen)

    done = run_component(evaluate_model, test_data=test, model=trained["model"])

    curves = done["curves"].metadata
    matrix = [row["row"] for row in curves["confusionMatrix"]["rows"]]
    assert sum(map(sum, matrix)) == 1500
    points = curves["confidenceMetrics"]
    assert len(points) <= 200
    assert all(math.isfinite(point["confidenceThreshold"]) for point in points)
    assert points[0]["recall"] == 0.0
    assert points[-1]["recall"] == 1.0
    page = done["report"].path.read_text()
    assert page.count("<svg") == 2
    assert "<script" not in page


def test_a_prediction_stands_for_every_row_in_order(run_component, table, arguments):
    people = patients(60, seed=3)
    trained = run_component(train_model, train_data=table(people), **arguments)
    unlabelled = [{"b": row["b"], "id": row["id"], "a": row["a"]} for row in people]

    done = run_component(batch_predict, data=table(unlabelled), model=trained["model"], key="id")

    predictions = rows(done["predictions"])
    assert done["predictions"].metadata["rows"] == len(people)
    assert [row["id"] for row in predictions] == [row["id"] for row in people]
    assert {row["estimator"] for row in predictions} == {arguments["estimator"]}
    assert all(row["prediction"] == (row["probability"] >= 0.5) for row in predictions)


def test_training_again_gives_the_same_predictions(run_component, table, arguments):
    data = table(patients(100, seed=1))
    found = []
    for _ in range(2):
        model = run_component(train_model, train_data=data, **arguments)["model"]
        done = run_component(batch_predict, data=data, model=model, key="id")
        found.append(rows(done["predictions"]))

    assert found[0] == found[1]


@pytest.mark.environments("sklearn")
def test_an_estimator_whose_library_is_elsewhere_names_the_remedy(run_component, table):
    data = table(patients(50, seed=1))

    done = run_component(train_model, fails=True, train_data=data, **BOOSTED)

    assert "This environment does not hold XGBoost." in done.log
    assert '`.in_environment("xgboost-3")`' in done.log


@pytest.mark.environments("sklearn")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"estimator": "forest"},
            "Choose one of `logistic_regression`, `random_forest`, `xgboost`.",
        ),
        ({"target": "dead"}, "The table has no column `dead`."),
        ({"target": "a"}, "The target `a` must contain both 0 and 1"),
        ({"key": "a"}, "The columns `id` are not numbers."),
    ],
)
def test_what_cannot_be_learned_is_refused(run_component, table, change, message):
    data = table(patients(20, seed=1))

    done = run_component(train_model, fails=True, train_data=data, **{**FOREST, **change})

    assert message in done.log


@pytest.mark.environments("sklearn")
def test_data_without_one_of_the_models_features_is_refused(run_component, table):
    people = patients(50, seed=1)
    model = run_component(train_model, train_data=table(people), **FOREST)["model"]
    narrow = table([{"id": row["id"], "a": row["a"]} for row in people])

    done = run_component(batch_predict, fails=True, data=narrow, model=model, key="id")

    assert "The table has no column `b`." in done.log
