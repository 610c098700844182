"""Training, evaluating, selecting and predicting, each model in its own environment."""

import datetime as dt
import math
import random

import pytest
from components.claims import WITH_SKLEARN
from components.tables import rows

from kfpkit.components.batch_predict import batch_predict
from kfpkit.components.evaluate_model import evaluate_model
from kfpkit.components.fit_transformer import fit_transformer
from kfpkit.components.train_model import train_model

pytestmark = [pytest.mark.slow, pytest.mark.environments("sklearn")]

COLUMNS = {"target": "ill", "key": "id"}
FOREST = {"estimator": "random_forest", "hyperparameters": {"n_estimators": 20}, **COLUMNS}
LOGISTIC = {"estimator": "logistic_regression", **COLUMNS}
BOOSTED = {"hyperparameters": {"n_estimators": 20}, **COLUMNS}
# What each environment has beside scikit-learn.
OWN = {
    "catboost-1": {"estimator": "catboost", **BOOSTED},
    "catboost-1-1": {"estimator": "catboost", **BOOSTED},
    "lightgbm": {"estimator": "lightgbm", **BOOSTED},
    "sklearn": FOREST,
    "tensorflow": {"estimator": "neural_network", "hyperparameters": {"epochs": 5}, **COLUMNS},
    "xgboost-1": {"estimator": "xgboost", **BOOSTED},
    "xgboost-3": {"estimator": "xgboost", **BOOSTED},
}
FILES = {
    "catboost": "model.cbm",
    "keras": "model.keras",
    "lightgbm": "model.txt",
    "scikit-learn": "model.skops",
    "xgboost": "model.ubj",
}


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
    return OWN[component_environment]


@pytest.mark.environments("sklearn", "xgboost-*")
def test_a_model_is_kept_with_what_is_needed_to_use_it(call_component, table, arguments):
    data = table(patients(100, seed=1))

    done = call_component(train_model, train_data=data, **arguments)

    metadata = done["model"].metadata
    assert (done["model"].path / FILES[metadata["library"]]).is_file()
    assert metadata["features"] == ["a", "b"]
    assert metadata["rows"] == 100
    assert metadata["hyperparameters"] == arguments["hyperparameters"]
    assert len(metadata["data_sha256"]) == 64
    assert set(metadata["versions"]) == {"python", "numpy", metadata["library"]}


@pytest.mark.environments("sklearn", "xgboost-1")
def test_metrics_are_what_their_definitions_say(call_component, table, arguments):
    train, test = table(patients(200, seed=1)), table(patients(150, seed=2))
    trained = call_component(train_model, train_data=train, **arguments)
    model = trained["model"]

    predicted = call_component(batch_predict, data=test, model=model, key="id", threshold=0.4)
    measured = call_component(evaluate_model, test_data=test, model=model, threshold=0.4)

    labels = [row["ill"] for row in rows(test)]
    probabilities = [row["probability"] for row in rows(predicted["predictions"])]
    metrics = dict(measured["metrics"].metadata)
    assert metrics.pop("rows") == 150
    expected = by_definition(labels, probabilities, 0.4)
    found = {name: metrics[name] for name in expected}
    assert found == pytest.approx(expected, rel=1e-6)
    assert metrics["roc_auc_baseline"] == 0.5
    assert measured.parameters["threshold"] == 0.4


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


def test_an_evaluation_has_curves_and_a_report_with_plots(call_component, table):
    train, test = table(patients(200, seed=1)), table(patients(1500, seed=2))
    trained = call_component(train_model, train_data=train, **LOGISTIC)

    done = call_component(evaluate_model, test_data=test, model=trained["model"])

    curves = done["curves"].metadata
    matrix = [row["row"] for row in curves["confusionMatrix"]["rows"]]
    assert sum(map(sum, matrix)) == 1500
    points = curves["confidenceMetrics"]
    assert len(points) <= 200
    assert all(math.isfinite(point["confidenceThreshold"]) for point in points)
    assert points[0]["recall"] == 0.0
    assert points[-1]["recall"] == 1.0
    page = done["report"].path.read_text()
    assert page.count("<svg") == 5
    assert "<script" not in page


def test_a_prediction_stands_for_every_row_in_order(call_component, table, arguments):
    people = patients(60, seed=3)
    trained = call_component(train_model, train_data=table(people), **arguments)
    unlabelled = [{"b": row["b"], "id": row["id"], "a": row["a"]} for row in people]

    done = call_component(batch_predict, data=table(unlabelled), model=trained["model"], key="id")

    predictions = rows(done["predictions"])
    assert done["predictions"].metadata["rows"] == len(people)
    assert [row["id"] for row in predictions] == [row["id"] for row in people]
    assert {row["estimator"] for row in predictions} == {arguments["estimator"]}
    assert all(row["prediction"] == (row["probability"] >= 0.5) for row in predictions)


@pytest.mark.environments(*WITH_SKLEARN)
@pytest.mark.smoke("fit_transformer", "train_model", "evaluate_model", "batch_predict")
def test_a_table_of_any_types_becomes_a_judged_classifier(run_component, table, arguments):
    judged, predictions = judge(run_component, table, arguments, "multiclass", "town")

    assert judged["accuracy"] > judged["accuracy_baseline"]
    assert {row["prediction"] for row in predictions} <= {"north", "south", "middle"}
    assert all(row["probability_north"] <= 1 for row in predictions)


@pytest.mark.environments(*WITH_SKLEARN)
def test_a_table_of_any_types_becomes_a_judged_regression(call_component, table, arguments):
    judged, predictions = judge(call_component, table, arguments, "regression", "age")

    assert judged["rmse"] < judged["rmse_baseline"]
    assert all(row["lower"] <= row["prediction"] <= row["upper"] for row in predictions)


def judge(run, table, arguments, task, target):
    """Fit, train, evaluate and predict. Returns the metrics, and a prediction for each row."""
    data, test = table(citizens(200, seed=1)), table(citizens(150, seed=2))
    fitted = run(fit_transformer, train_data=data, target=target, key="id")["transformer"]
    order = {**arguments, "target": target, "task": task}
    model = run(train_model, train_data=data, transformer=fitted, **order)["model"]
    judged = run(evaluate_model, test_data=test, model=model, slices=["street"], resamples=20)
    done = run(batch_predict, data=test, model=model, key="id", batch_rows=40)
    predictions = rows(done["predictions"])
    assert [row["id"] for row in predictions] == [f"p{number}" for number in range(150)]
    return judged["metrics"].metadata, predictions


def citizens(count, seed):
    """Make rows with a number with gaps, a category, a date and a text."""
    numbers = random.Random(seed)
    start = dt.datetime(2024, 5, 1, tzinfo=dt.timezone.utc)
    rows = []
    for number in range(count):
        hours = numbers.uniform(0, 5000)
        street = numbers.choice(["elm", "oak", None])
        town = "north" if (street == "elm") != (numbers.random() < 0.1) else "south"
        rows.append(
            {
                "id": f"p{number}",
                "town": town if numbers.random() < 0.9 else "middle",
                "age": hours / 100 + numbers.gauss(0, 1),
                "size": None if number % 7 == 0 else numbers.gauss(0, 1),
                "street": street,
                "born": start + dt.timedelta(hours=hours),
                "note": f"lives in house {number} of {street or 'no'} street",
            }
        )
    return rows


def test_rows_without_a_target_are_left_out_if_asked(call_component, table):
    people = patients(60, seed=1)
    people[3]["ill"] = None
    data, skip = table(people), {"skip_missing_target": True}

    refused = call_component(train_model, fails=True, train_data=data, **FOREST)
    model = call_component(train_model, train_data=data, **skip, **FOREST)["model"]
    judged = call_component(evaluate_model, test_data=data, model=model, **skip)

    assert "The target `ill` is missing in row 3, and in 1 of 60 rows." in refused.log
    assert model.metadata["rows"] == judged["metrics"].metadata["rows"] == 59


def test_rows_at_even_distances_are_learned_from_and_measured_if_asked(
    call_component, table, caplog
):
    data, few = table(patients(100, seed=1)), {"most_rows": 60}
    fitted = call_component(fit_transformer, train_data=data, **COLUMNS, **few)
    trained = call_component(train_model, train_data=data, **FOREST, **few)
    judged = call_component(evaluate_model, test_data=data, model=trained["model"], **few)

    said = "60 of 100 rows are used, at even distances, because `most_rows` is 60."
    assert caplog.messages == [said] * 3
    assert fitted["transformer"].metadata["rows"] == 60
    assert trained["model"].metadata["rows"] == 60
    assert judged["metrics"].metadata["rows"] == 60


def test_an_estimator_whose_library_is_elsewhere_names_the_remedy(call_component, table):
    data = table(patients(50, seed=1))

    done = call_component(train_model, fails=True, train_data=data, **OWN["xgboost-3"])

    assert "This environment does not have xgboost." in done.log
    assert '`.in_environment("xgboost-3")`' in done.log


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"estimator": "forest"},
            "Choose one of `baseline`, `catboost`, `gradient_boosting`, `lightgbm`,",
        ),
        ({"task": "ranking"}, "The task `ranking` is unknown."),
        ({"target": "dead"}, "The table has no column `dead`."),
        ({"target": "a"}, "The target `a` has 20 distinct values"),
        ({"key": "a"}, "The columns `id` are not numbers."),
        ({"hyperparameters": {"n_estimator": 3}}, "Did you mean `n_estimators`?"),
    ],
)
def test_what_cannot_be_learned_is_refused(call_component, table, change, message):
    data = table(patients(20, seed=1))

    done = call_component(train_model, fails=True, train_data=data, **{**FOREST, **change})

    assert message in done.log


def test_data_without_one_of_the_models_features_is_refused(call_component, table):
    people = patients(50, seed=1)
    model = call_component(train_model, train_data=table(people), **FOREST)["model"]
    narrow = table([{"id": row["id"], "a": row["a"]} for row in people])

    done = call_component(batch_predict, fails=True, data=narrow, model=model, key="id")

    assert "The table has no column `b`, which was there in training." in done.log
