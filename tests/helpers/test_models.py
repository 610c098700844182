import pytest

pytestmark = pytest.mark.slow

TRAINED = """
from pathlib import Path
import pandas as pd
from kfpkit.helpers import models, sklearn_models

table = pd.DataFrame({"a": range(40), "b": [0.5] * 40})
labels = pd.Series([int(a > 20) for a in range(40)], name="ill")
"""


@pytest.mark.parametrize(
    ("environment", "estimator"),
    [
        ("sklearn", "logistic_regression"),
        ("sklearn", "random_forest"),
        ("xgboost-3", "logistic_regression"),
        ("xgboost-3", "xgboost"),
    ],
)
def test_a_model_predicts_the_same_after_saving_and_loading(evaluate_in, environment, estimator):
    lines = f"""{TRAINED}
model = models.train(table, labels, estimator="{estimator}", hyperparameters={{}}, seed=1)
model.save(Path("kept/in/folders"))
loaded = models.load(Path("kept/in/folders"))
shuffled = table[["b", "a"]]
result = [
    loaded.card == model.card,
    loaded.probabilities(shuffled).tolist() == model.probabilities(table).tolist(),
    model.probabilities(table)[0] < 0.5 < model.probabilities(table)[39],
]
result = [bool(one) for one in result]
"""
    assert evaluate_in(environment, lines) == [True, True, True]


def test_a_model_of_another_scikit_learn_is_refused(evaluate_in):
    lines = f"""{TRAINED}
options = dict(estimator="random_forest", hyperparameters={{"n_estimators": 2}}, seed=1)
models.train(table, labels, **options).save(Path("kept"))
sklearn_models.sklearn.__version__ = "0.24.2"
try:
    models.load(Path("kept"))
except RuntimeError as error:
    result = str(error)
"""
    message = evaluate_in("sklearn", lines)

    assert "this environment has 0.24.2" in message
    assert message.endswith("with `.in_environment(...)`.")


def test_a_hyperparameter_beats_the_default_and_the_seed(evaluate_in):
    lines = f"""{TRAINED}
chosen = {{"random_state": 9, "n_estimators": 3}}
model = models.train(table, labels, estimator="random_forest", hyperparameters=chosen, seed=1)
result = [model.classifier.random_state, len(model.classifier.estimators_)]
"""
    assert evaluate_in("sklearn", lines) == [9, 3]
