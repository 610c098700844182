"""Fitting and applying a transformer, in all environments that can."""

import pytest
from components.claims import WITH_SKLEARN
from components.tables import rows

from kfpkit.components.apply_transformer import apply_transformer
from kfpkit.components.fit_transformer import fit_transformer

pytestmark = [pytest.mark.slow, pytest.mark.environments("sklearn")]

PEOPLE = [
    {"id": row, "ill": row % 2, "age": None if row % 9 == 0 else row, "town": "xyz"[row % 3]}
    for row in range(60)
]
COLUMNS = {"target": "ill", "key": "id"}


@pytest.fixture
def fitted(call_component, table):
    """Return a transformer."""
    return call_component(fit_transformer, train_data=table(PEOPLE), **COLUMNS)["transformer"]


@pytest.mark.environments(*WITH_SKLEARN)
@pytest.mark.smoke("apply_transformer")
def test_a_table_becomes_features(run_component, table):
    data = table(PEOPLE)
    fitted = run_component(fit_transformer, train_data=data, **COLUMNS)["transformer"]

    done = run_component(apply_transformer, data=data, transformer=fitted, keep=["id", "ill"])

    features = rows(done["features"])
    assert [row["id"] for row in features] == list(range(60))
    assert list(features[0]) == ["id", "ill", *fitted.metadata["features"]]
    ninth = features[9]
    assert (ninth["age_is_missing"], ninth["town_x"], ninth["town_y"]) == (1, 1, 0)


@pytest.mark.environments(*WITH_SKLEARN)
def test_batches_give_the_features_of_the_whole_table(call_component, table, fitted):
    arguments = {"data": table(PEOPLE), "transformer": fitted}

    whole = call_component(apply_transformer, **arguments)
    parts = call_component(apply_transformer, batch_rows=7, **arguments)

    assert rows(whole["features"]) == rows(parts["features"])


def test_the_card_tells_what_is_used(call_component, table):
    people = [{**row, "hospital": "north"} for row in PEOPLE]

    card = call_component(fit_transformer, train_data=table(people), **COLUMNS)[
        "transformer"
    ].metadata

    assert card["groups"] == {"numbers": ["age"], "few": ["town"]}
    assert card["left_out"] == {"hospital": "all values are the same"}
    assert set(card["versions"]) == {"python", "numpy", "pandas", "scikit-learn", "scipy"}
    assert len(card["data_sha256"]) == 64


def test_an_empty_table_has_features_without_rows(call_component, table, fitted):
    done = call_component(
        apply_transformer, data=table({"age": [], "town": []}), transformer=fitted
    )

    assert rows(done["features"]) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"town": None}, "The table has no column `town`, which was there in training."),
        ({"age": "old"}, "The column `age` must contain a number in each row, but row 0 contains"),
        ({"age": float("inf")}, "The column `age` is infinite in row 0, and in 60 of 60 rows."),
    ],
)
def test_other_data_than_in_training_is_refused(call_component, table, fitted, change, message):
    changed = [{**row, **change} for row in PEOPLE]
    changed = [{k: v for k, v in row.items() if change.get(k, 0) is not None} for row in changed]

    done = call_component(apply_transformer, fails=True, data=table(changed), transformer=fitted)

    assert message in done.log


def test_features_come_alone_if_nothing_is_kept(call_component, table, fitted):
    data = table(PEOPLE)

    done = call_component(apply_transformer, data=data, transformer=fitted)

    assert len(rows(done["features"])) == 60
    assert list(rows(done["features"])[0]) == fitted.metadata["features"]


def test_a_feature_that_is_kept_too_is_refused(call_component, table, fitted):
    data = table(PEOPLE)

    done = call_component(
        apply_transformer, fails=True, data=data, transformer=fitted, keep=["age"]
    )

    assert "The column `age` is in `keep` and is a feature too." in done.log
