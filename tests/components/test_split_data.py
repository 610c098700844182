import random

import pytest
from components.tables import rows

from kfpkit.components.split_data import split_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp", "sklearn")]

ROWS = [{"id": f"patient-{number}", "x": float(number)} for number in range(400)]


def keys(artifact):
    return [row["id"] for row in rows(artifact)]


def test_the_order_of_the_rows_changes_nothing(run_component, table):
    shuffled = random.Random(7).sample(ROWS, len(ROWS))

    first = run_component(split_data, data=table(ROWS), key="id")
    second = run_component(split_data, data=table(shuffled), key="id")

    for side in ("train_data", "test_data"):
        assert first[side].path.read_bytes() == second[side].path.read_bytes()


@pytest.mark.environments("*")
def test_every_row_is_on_one_side_and_the_share_comes_near(run_component, table):
    done = run_component(split_data, data=table(ROWS), key="id", test_fraction=0.3)

    train, test = keys(done["train_data"]), keys(done["test_data"])
    assert sorted(train + test) == sorted(row["id"] for row in ROWS)
    assert 0.25 < len(test) / len(ROWS) < 0.35
    assert done["test_data"].metadata["rows"] == len(test)


def test_added_rows_move_no_other(run_component, table):
    added = [{"id": f"new-{number}", "x": 0.0} for number in range(100)]

    before = run_component(split_data, data=table(ROWS), key="id")
    after = run_component(split_data, data=table(added + ROWS), key="id")

    assert set(keys(before["test_data"])) <= set(keys(after["test_data"]))
    assert set(keys(before["train_data"])) <= set(keys(after["train_data"]))


def test_another_salt_draws_another_split(run_component, table):
    first = run_component(split_data, data=table(ROWS), key="id")
    second = run_component(split_data, data=table(ROWS), key="id", salt="again")

    assert keys(first["test_data"]) != keys(second["test_data"])


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"id": ["a", None]}, {"key": "id"}, "The key column `id` is empty in row 1."),
        ({"id": [1.0, 2.0]}, {"key": "id"}, "floating-point number 1.0"),
        ({"id": ["a"]}, {"key": "name"}, "The table has no column `name`. It has `id`."),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 1.0}, "`test_fraction` is 1"),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 0.0}, "`test_fraction` is 0"),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 0.5}, "no row of 1 was selected"),
    ],
)
def test_what_cannot_be_split_is_refused(run_component, table, columns, arguments, message):
    done = run_component(split_data, fails=True, data=table(columns), **arguments)

    assert message in done.log
