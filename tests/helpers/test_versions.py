"""Models and transformers of one environment in another."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROWS = """
import json
from pathlib import Path
import pandas as pd
import pyarrow as pa
from kfpkit.helpers.features import fit_transformer
from kfpkit.helpers.models import load_model
from kfpkit.helpers.training import Order, train_model

rows = range(100)
table = pd.DataFrame({{"id": rows, "a": [row % 10 for row in rows], "b": rows}})
table["ill"] = [int(row % 10 > 4) for row in rows]
folder = Path({folder!r})
"""
WRITE = """
order = Order(estimator={estimator!r}, task="binary", target="ill", key="id", hyperparameters={{}})
transformer = None
if {with_transformer}:
    schema = pa.Schema.from_pandas(table)
    transformer = fit_transformer(table, schema, without={{"id", "ill"}})
model = train_model(table, order, transformer)
model.save(folder)
result = model.predict(model.make_features(table))[:, 1].tolist()
"""
READ = """
try:
    model = load_model(folder)
    result = model.predict(model.make_features(table))[:, 1].tolist()
except RuntimeError as error:
    result = str(error)
"""
XGBOOST = ("xgboost-1", "xgboost-3", "xgboost")
CATBOOST = pytest.param("catboost-1-1", "catboost-1", "catboost", marks=pytest.mark.large)


@pytest.fixture
def exchange(evaluate_in, tmp_path):
    """Return a function that trains in one environment and reads in another."""

    def run(writing, reading, estimator, *, with_transformer=False):
        rows = ROWS.format(folder=str(tmp_path / "model"))
        write = WRITE.format(estimator=estimator, with_transformer=with_transformer)
        return evaluate_in(writing, rows + write), evaluate_in(reading, rows + READ)

    return run


@pytest.mark.parametrize(("older", "newer", "estimator"), [XGBOOST, CATBOOST])
def test_a_later_version_reads_a_model(exchange, older, newer, estimator):
    written, read = exchange(older, newer, estimator)

    assert read == pytest.approx(written, abs=1e-6)


@pytest.mark.parametrize(("older", "newer", "estimator"), [XGBOOST, CATBOOST])
def test_an_earlier_version_refuses_a_model(exchange, older, newer, estimator):
    _, read = exchange(newer, older, estimator)

    assert read.startswith(f"The model was written by {estimator} ")
    assert read.endswith("that trained it with `.in_environment(...)`.")


@pytest.mark.parametrize(
    ("writing", "reading"), [("sklearn", "xgboost-1"), ("xgboost-1", "sklearn")]
)
def test_another_scikit_learn_refuses_a_model(exchange, writing, reading):
    _, read = exchange(writing, reading, "random_forest")

    assert read.startswith("The model was written by scikit-learn 1.")


def test_other_versions_refuse_a_model_with_a_transformer(exchange):
    _, read = exchange("xgboost-1", "xgboost-3", "xgboost", with_transformer=True)

    assert read.startswith("The transformer was fitted with numpy 1.26")


def test_environments_of_one_kind_share_a_transformer(exchange):
    written, read = exchange("sklearn", "xgboost-3", "random_forest", with_transformer=True)

    assert read == written
