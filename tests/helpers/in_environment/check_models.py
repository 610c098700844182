"""Training, keeping and reading models, checked with all libraries that an environment has."""

import dataclasses
import decimal
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from kfpkit.helpers import keras_models, sklearn_models
from kfpkit.helpers.estimators import CLASSES, LIBRARIES, import_library
from kfpkit.helpers.evaluation_pages import evaluation_page
from kfpkit.helpers.evaluations import evaluate
from kfpkit.helpers.features import fit_transformer
from kfpkit.helpers.kept_files import write_card
from kfpkit.helpers.models import load_model
from kfpkit.helpers.predictions import predictions_of as predict_table
from kfpkit.helpers.training import Order, train_model

TARGETS = {"binary": "ill", "multiclass": "town", "regression": "age"}
# Small, so that a check is quick.
SMALL = {
    "catboost": {"iterations": 20},
    "gradient_boosting": {"max_iter": 10},
    "lightgbm": {"n_estimators": 20},
    "neural_network": {"epochs": 5},
    "random_forest": {"n_estimators": 10},
    "xgboost": {"n_estimators": 20},
}
MISSPELT = {
    "catboost": ("iteration", "iterations"),
    "gradient_boosting": ("max_iters", "max_iter"),
    "lightgbm": ("num_leavess", "num_leaves"),
    "logistic_regression": ("c_", None),
    "neural_network": ("epoch", "epochs"),
    "random_forest": ("n_estimator", "n_estimators"),
    "xgboost": ("max_depht", "max_depth"),
}
ALIASES = {
    "catboost": ({"eta": 0.1, "num_trees": 5}, {"iterations": 5, "n_estimators": 5}),
    "lightgbm": ({"eta": 0.1, "num_iterations": 5}, {"n_estimators": 5, "num_rounds": 5}),
    "xgboost": ({"eta": 0.1, "lambda": 2}, {"eta": 0.1, "learning_rate": 0.1}),
}


def installed():
    for known in LIBRARIES:
        try:
            import_library(known)
        except ImportError:
            continue
        for estimator, tasks in known.estimators.items():
            yield from ((estimator, task) for task in tasks)


INSTALLED = list(installed())
ESTIMATORS = sorted({estimator for estimator, _ in INSTALLED})
BOOSTED = sorted(set(ESTIMATORS) & set(ALIASES))
of_networks = pytest.mark.skipif("neural_network" not in ESTIMATORS, reason="Keras is elsewhere")


def people(count=200, seed=0):
    """Make rows whose targets hang on `a`, with noise, and names that libraries dislike."""
    numbers = np.random.default_rng(seed)
    a, noise = numbers.normal(size=count), numbers.normal(size=count)
    return pd.DataFrame(
        {
            "id": [f"p{row}" for row in range(count)],
            "a": a,
            'b [x] <"y">: {z}': numbers.normal(size=count),
            "ill": (a + noise / 2 > 0).astype(int),
            "town": np.select([a < -0.5, a > 0.5], ["north", "south"], "middle"),
            "age": 50 + 10 * a + noise,
        }
    )


def rows_for(task, **options):
    targets = set(TARGETS.values()) - {TARGETS[task]}
    return people(**options).drop(columns=sorted(targets))


def order_of(estimator, task, /, **changes):
    order = Order(
        estimator=estimator,
        task=task,
        target=TARGETS[task],
        key="id",
        hyperparameters=SMALL.get(estimator, {}),
        seed=1,
    )
    return dataclasses.replace(order, **changes)


def predictions_of(model, table, key, **options):
    return predict_table(model, pa.Table.from_pandas(table), key, **options)


def refuse(table, order):
    with pytest.raises(ValueError, match=r".") as refused:
        train_model(table, order)
    return str(refused.value)


@pytest.mark.parametrize(("estimator", "task"), INSTALLED)
def test_a_model_is_trained_kept_read_judged_and_applied(estimator, task, tmp_path):
    trained = train_model(rows_for(task), order_of(estimator, task))
    trained.save(tmp_path)
    loaded = load_model(tmp_path)
    test = rows_for(task, seed=7)

    done = evaluate(loaded, test, resamples=20, slices=["a"])
    predicted = predictions_of(loaded, test, "id")

    features = loaded.make_features(test)
    assert np.array_equal(loaded.predict(features), trained.predict(features))
    assert predicted["id"].to_pylist() == test["id"].tolist()
    best, metric = ("minimize", "rmse") if task == "regression" else ("maximize", "accuracy")
    gain = done.metrics[metric] - done.baseline[metric]
    assert estimator == "baseline" or (gain < 0 if best == "minimize" else gain > 0)
    assert done.importances[0][0] == "a" or estimator == "baseline"
    assert evaluation_page(done).count("<svg") >= 1
    tell_shown(estimator, task, loaded)


def tell_shown(estimator, task, model):
    """Write what has been shown, for the page that lists what runs where."""
    library = model.card["library"]
    shown = {
        "estimator": estimator,
        "task": task,
        "library": library,
        "version": model.card["versions"][library],
    }
    if "SHOWN" in os.environ:
        with Path(os.environ["SHOWN"]).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(shown) + "\n")


@pytest.mark.parametrize(("estimator", "task"), INSTALLED)
def test_the_same_order_gives_the_same_model(estimator, task):
    first, second = (train_model(rows_for(task), order_of(estimator, task)) for _ in range(2))

    features = first.make_features(rows_for(task))
    assert np.array_equal(first.predict(features), second.predict(features))


@pytest.mark.parametrize("estimator", sorted(set(ESTIMATORS) & set(MISSPELT)))
def test_a_misspelt_hyperparameter_is_refused_with_the_nearest_name(estimator):
    wrong, meant = MISSPELT[estimator]

    message = refuse(rows_for("binary"), order_of(estimator, "binary", hyperparameters={wrong: 3}))

    assert f"`{estimator}` has no hyperparameter `{wrong}`." in message
    assert meant is None or f"Did you mean `{meant}`?" in message


def heavy_tailed(seed, count=2000):
    """Make rows whose target hangs on `a`, beside columns that are rare, constant or far out."""
    numbers = np.random.default_rng(seed)
    a = numbers.normal(size=count)
    return pd.DataFrame(
        {
            "id": range(count),
            "a": a,
            "far": numbers.standard_cauchy(count) ** 3,
            "rare": (numbers.random(count) < 0.002).astype(float),
            "year": 2013.0,
            "delay": 20 * a + numbers.standard_t(2, size=count),
        }
    )


@of_networks
def test_a_network_stays_useful_where_numbers_are_far_out():
    order = order_of("neural_network", "regression", target="delay")
    model = train_model(heavy_tailed(seed=0), order)

    done = evaluate(model, heavy_tailed(seed=1), resamples=0)

    assert done.metrics["mae"] < done.baseline["mae"] / 2
    assert done.metrics["rmse"] < done.baseline["rmse"] / 2


@of_networks
def test_a_network_ignores_what_did_not_vary_in_training(tmp_path):
    model = train_model(
        heavy_tailed(seed=0), order_of("neural_network", "regression", target="delay")
    )
    model.save(tmp_path)
    test = heavy_tailed(seed=1)

    first, second = (
        each.predict(each.make_features(test.assign(year=year)))
        for each, year in ((model, 2013.0), (load_model(tmp_path), 2014.0))
    )

    assert np.array_equal(first, second)


@of_networks
def test_a_network_reads_rows_alone_as_it_reads_them_together():
    order = order_of("neural_network", "regression", target="delay")
    model = train_model(heavy_tailed(seed=0), order)
    table = heavy_tailed(seed=1, count=100)
    table.loc[3, "far"] = 1e12
    read = keras_models.keras.Sequential(model.trained.layers[:3])

    features = model.make_features(table).astype("float32")
    whole, single = np.asarray(read(features)), [np.asarray(read(row[None])) for row in features]

    assert np.array_equal(np.vstack(single), whole)
    assert np.abs(whole).max() == 5
    predicted = model.predict(model.make_features(table))
    one = [model.predict(model.make_features(table.iloc[[row]]))[0] for row in range(len(table))]
    assert one == pytest.approx(predicted, rel=1e-5)


@pytest.mark.parametrize("estimator", BOOSTED)
def test_aliases_are_known_and_not_given_twice(estimator):
    good, twice = ALIASES[estimator]

    train_model(rows_for("binary"), order_of(estimator, "binary", hyperparameters=good))

    order = order_of(estimator, "binary", hyperparameters=twice)
    assert "are the same. Give one of them." in refuse(rows_for("binary"), order)


@pytest.mark.parametrize("estimator", sorted({*BOOSTED, "gradient_boosting"} & set(ESTIMATORS)))
@pytest.mark.parametrize("task", TARGETS)
def test_training_stops_early(estimator, task, tmp_path):
    rounds = {"catboost": "iterations", "gradient_boosting": "max_iter"}
    many = {rounds.get(estimator, "n_estimators"): 150, "learning_rate": 0.5}
    order = order_of(estimator, task, hyperparameters=many, early_stopping_rounds=3)
    stopped = train_model(rows_for(task), order)
    full = train_model(rows_for(task), dataclasses.replace(order, early_stopping_rounds=0))
    for name, model in (("stopped", stopped), ("full", full)):
        model.save(tmp_path / name)

    sizes = [
        sum(f.stat().st_size for f in (tmp_path / n).glob("model.*")) for n in ("stopped", "full")
    ]
    assert sizes[0] < sizes[1]
    features = stopped.make_features(rows_for(task))
    loaded = load_model(tmp_path / "stopped")
    assert np.array_equal(loaded.predict(features), stopped.predict(features))


@pytest.mark.parametrize(
    "estimator", sorted(set(ESTIMATORS) - {"baseline", "ridge", "random_forest"})
)
def test_weights_move_predictions(estimator):
    table = rows_for("binary")
    plain = train_model(table, order_of(estimator, "binary"))
    heavy = train_model(table, order_of(estimator, "binary", class_weights={"1": 20}))
    by_row = train_model(
        table.assign(w=np.where(table["ill"] == 1, 20.0, 1.0)),
        order_of(estimator, "binary", weight="w"),
    )

    means = [m.predict(m.make_features(table))[:, 1].mean() for m in (plain, heavy, by_row)]
    assert means[0] < means[1]
    assert means[1] == pytest.approx(means[2])


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_infinite_features_are_refused_in_every_library(estimator):
    task = "regression" if estimator == "ridge" else "binary"
    table = rows_for(task)
    table.loc[3, "a"] = np.inf

    message = refuse(table, order_of(estimator, task))

    assert "The column `a` is infinite in row 3, and in 1 of 200 rows." in message


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_gaps_are_learned_from_or_refused(estimator):
    task = "regression" if estimator == "ridge" else "binary"
    table = rows_for(task)
    table.loc[3, "a"] = np.nan
    if estimator in {"logistic_regression", "neural_network", "ridge"}:
        assert "The column `a` is missing in row 3" in refuse(table, order_of(estimator, task))
    else:
        train_model(table, order_of(estimator, task))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_decimals_booleans_and_integers_with_gaps_are_numbers(estimator):
    task = "regression" if estimator == "ridge" else "binary"
    table = rows_for(task)
    table["price"] = [decimal.Decimal(row) / 10 for row in range(200)]
    table["open"] = [row % 2 == 0 for row in range(200)]
    whole = pd.array(list(range(200)), dtype="Int64")
    if estimator not in {"logistic_regression", "neural_network", "ridge"}:
        whole[5] = None
    table["seats"] = whole

    model = train_model(table, order_of(estimator, task))

    assert model.features[-3:] == ["price", "open", "seats"]
    assert np.isfinite(model.predict(model.make_features(table))).all()


@pytest.mark.parametrize(
    ("values", "task", "message"),
    [
        ([*range(12)] * 10, "binary", "has 12 distinct values (`0`, `1`, `2`, `3`, `4`, …)"),
        ([1] * 120, "binary", "The target `y` has only the value `1`"),
        ([0, 1, None] * 40, "binary", "is missing in row 2, and in 40 of 120 rows"),
        (["a", "b"] * 60, "binary", "Name the one whose probability the model predicts"),
        ([0.5, 1.5, 2.5] * 40, "multiclass", "Use the task `regression`"),
        ([0, 1] * 60, "multiclass", "Use the task `binary`"),
        ([True, False] * 60, "regression", "Use the task `binary`, not `regression`"),
        (
            ["a", "b"] * 60,
            "regression",
            "must contain a number in each row, but row 0 contains 'a'",
        ),
        ([1.0, np.inf] * 60, "regression", "The column `y` is infinite in row 1"),
        ([0, 1] * 60, "classes", "The task `classes` is unknown"),
    ],
)
def test_a_target_that_does_not_fit_its_task_is_refused(values, task, message):
    table = pd.DataFrame({"id": range(120), "x": range(120), "y": values})

    order = Order(estimator="baseline", task=task, target="y", key="id", hyperparameters={})
    assert message in refuse(table, order)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"estimator": "forest"}, "does not exist for the task `binary`."),
        ({"estimator": "random_forrest"}, "Did you mean `random_forest`?"),
        ({"estimator": "ridge"}, "does not have the task `binary`. Choose one of `baseline`"),
        ({"early_stopping_rounds": 3}, "`random_forest` does not learn in rounds"),
        ({"early_stopping_rounds": -1}, "`early_stopping_rounds` is negative"),
        ({"validation_fraction": 1.0}, "Give a number from 0 to below 1."),
        ({"class_weights": {"2": 1}}, "names the class `2`, but the target `ill` has the values"),
        ({"class_weights": {"1": 2}, "balance_classes": True}, "not both"),
        ({"weight": "w"}, "The table has no column `w`"),
        ({"hyperparameters": {"class_weight": "balanced"}}, "is not free"),
        ({"positive": "yes"}, "Name one of these."),
    ],
)
def test_a_wrong_order_is_refused(changes, message):
    order = order_of("random_forest", "binary", **changes)

    assert message in refuse(rows_for("binary"), order)


def test_an_empty_table_is_refused():
    message = refuse(rows_for("binary").head(0), order_of("random_forest", "binary"))

    assert message.startswith("The table is empty.")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda rows: rows[rows["ill"] == 1], "has only the value `1` in the test data"),
        (lambda rows: rows.assign(ill=2), "is `2` in row 0, which training did not have"),
        (lambda rows: rows.drop(columns="ill"), "The table has no column `ill`."),
        (lambda rows: rows.assign(a=np.inf), "The column `a` is infinite in row 0"),
        (lambda rows: rows.assign(a="x"), "`a` must contain a number in each row"),
        (lambda rows: rows.head(0), "The table is empty."),
    ],
)
def test_test_data_that_cannot_be_measured_is_refused(changed, message):
    model = train_model(rows_for("binary"), order_of("random_forest", "binary"))

    with pytest.raises(ValueError, match=r".") as refused:
        evaluate(model, changed(rows_for("binary")).reset_index(drop=True), resamples=0)

    assert message in str(refused.value)


def test_text_needs_a_transformer():
    message = refuse(rows_for("binary").assign(word="x"), order_of("baseline", "binary"))

    assert "The columns `word` are not numbers. Pass a transformer" in message


def test_other_values_than_0_and_1_have_a_positive_one():
    table = rows_for("binary").replace({"ill": {0: "no", 1: "yes"}})
    model = train_model(table, order_of("random_forest", "binary", positive="yes"))

    predicted = predictions_of(model, table, "id")

    assert set(predicted["prediction"].to_pylist()) == {"no", "yes"}
    both = zip(
        predicted["prediction"].to_pylist(), predicted["probability"].to_pylist(), strict=True
    )
    assert all((word == "yes") == (probability >= 0.5) for word, probability in both)


def test_intervals_cover_what_they_promise():
    model = train_model(rows_for("regression", count=600), order_of("random_forest", "regression"))
    test = rows_for("regression", count=600, seed=5)

    predicted = predictions_of(model, test, "id", coverage=0.8).to_pandas()

    inside = (predicted["lower"] <= test["age"]) & (test["age"] <= predicted["upper"])
    assert 0.7 < inside.mean() < 0.9
    with pytest.raises(ValueError, match=r"the model has intervals for `0\.5`"):
        predictions_of(model, test, "id", coverage=0.7)


@pytest.mark.parametrize(
    "estimator",
    sorted(
        set(ESTIMATORS) & {"catboost", "lightgbm", "neural_network", "random_forest", "xgboost"}
    ),
)
def test_a_truncated_model_is_not_read(estimator, tmp_path):
    train_model(rows_for("binary"), order_of(estimator, "binary")).save(tmp_path)
    file = next(file for file in tmp_path.glob("model.*") if file.suffix != ".json")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    with pytest.raises(ValueError, match=f"`{file.name}` of the model is damaged or was changed"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "estimator",
    sorted(
        set(ESTIMATORS) & {"catboost", "lightgbm", "neural_network", "random_forest", "xgboost"}
    ),
)
def test_a_model_of_a_newer_version_is_refused(estimator, tmp_path):
    train_model(rows_for("binary"), order_of(estimator, "binary")).save(tmp_path)
    card = json.loads((tmp_path / "model.json").read_text())
    card["versions"][card["library"]] = "99.1.0"
    write_card(tmp_path, "model.json", card)

    with pytest.raises(RuntimeError, match=r"written by .* 99\.1\.0, but this environment has"):
        load_model(tmp_path)


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"is not a model: it has no `model\.json`"):
        load_model(tmp_path)


def test_the_estimators_of_scikit_learn_are_listed_with_their_tasks():
    made = {
        name: (*(CLASSES if maker.of_class else ()), *(["regression"] if maker.of_value else ()))
        for name, maker in sklearn_models._MAKERS.items()
    }

    assert LIBRARIES[0].estimators == made


USING = """
import sys
import pandas as pd
from kfpkit.helpers.training import Order, train_model

table = pd.DataFrame({"id": range(40), "x": range(40), "y": [0, 1] * 20})
train_model(table, Order(
    estimator="ridge", task="regression", target="x", key="id", hyperparameters={}
))
print(sorted(name for name in sys.modules if name == "keras" or name.endswith("_models")))
"""


def test_only_the_library_of_the_estimator_is_imported():
    done = subprocess.run([sys.executable, "-c", USING], capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[-2] == (
        "['kfpkit.helpers.project_models', 'kfpkit.helpers.sklearn_models']"
    )


def test_a_model_whose_library_is_elsewhere_names_its_environment(tmp_path):
    train_model(rows_for("binary"), order_of("random_forest", "binary")).save(tmp_path)
    absent = [known for known in LIBRARIES if not set(known.estimators) & set(ESTIMATORS)]
    for known in absent:
        card = json.loads((tmp_path / "model.json").read_text())
        write_card(tmp_path, "model.json", {**card, "library": known.name})
        with pytest.raises(ImportError, match=f"does not have {known.name}.*{known.environment}"):
            load_model(tmp_path)


def test_a_transformer_of_other_columns_is_refused():
    fitted = fit_transformer(
        people().rename(columns={"a": "b"}),
        pa.Schema.from_pandas(people().rename(columns={"a": "b"})),
        without={"id", "ill"},
    )
    with pytest.raises(ValueError, match="no column `b`, which was there in training"):
        train_model(people(), order_of("random_forest", "binary"), fitted)


def test_a_library_that_is_elsewhere_names_its_environment():
    absent = {"xgboost", "lightgbm", "catboost", "neural_network"} - set(ESTIMATORS)
    for estimator in absent:
        with pytest.raises(ImportError, match=r"Bind the task to one that does, such as `\.in_env"):
            train_model(rows_for("binary"), order_of(estimator, "binary"))


PROJECT = """
import json

class Mean:
    def __init__(self, share):
        self.share = share

    def predict_proba(self, features):
        return [[1 - self.share, self.share]] * len(features)

def fit(features, target, *, task, weights, seed, shrink=1.0):
    return Mean(float(target.mean()) * shrink)

def save(model, folder):
    (folder / "share.json").write_text(json.dumps(model.share))

def load(folder):
    return Mean(json.loads((folder / "share.json").read_text()))
"""


@pytest.fixture
def reference(tmp_path, monkeypatch):
    (tmp_path / "my_training.py").write_text(PROJECT)
    monkeypatch.syspath_prepend(tmp_path)
    yield "my_training:fit"
    sys.modules.pop("my_training", None)


def test_an_estimator_of_the_project_is_trained_kept_and_read(reference, tmp_path):
    order = order_of(reference, "binary", hyperparameters={"shrink": 0.5})
    model = train_model(rows_for("binary"), order)
    model.save(tmp_path / "kept")

    loaded = load_model(tmp_path / "kept")

    assert loaded.card["library"] == "project"
    features = loaded.make_features(rows_for("binary"))
    assert np.array_equal(loaded.predict(features), model.predict(features))
    wrong = order_of(reference, "binary", hyperparameters={"shrnk": 1})
    assert "Did you mean `shrink`?" in refuse(rows_for("binary"), wrong)


def test_an_incomplete_estimator_of_the_project_is_refused(reference):
    wrong = order_of("my_training:train", "binary")

    assert "needs the function `train` in `my_training`" in refuse(rows_for("binary"), wrong)
    absent = order_of("elsewhere.training:fit", "binary")
    assert 'helpers=["elsewhere.training"]' in refuse(rows_for("binary"), absent)
