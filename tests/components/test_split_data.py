"""Splits of tables by key, group and time."""

import random
from collections import Counter
from datetime import date, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from components.tables import rows

from kfpkit.components.split_data import split_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

NAIVE = datetime.fromisoformat("2024-01-01")
ROWS = [{"id": f"patient-{number}", "x": float(number)} for number in range(400)]


def keys(artifact):
    return [row["id"] for row in rows(artifact)]


def test_the_order_of_the_rows_decides_nothing(call_component, table):
    shuffled = random.Random(7).sample(ROWS, len(ROWS))

    first = call_component(split_data, data=table(ROWS), key="id")
    second = call_component(split_data, data=table(shuffled), key="id")

    for side in ("train_data", "test_data"):
        assert set(keys(first[side])) == set(keys(second[side]))


def test_rows_keep_their_order(call_component, table):
    done = call_component(split_data, data=table(ROWS), key="id", batch_rows=7)

    order = {row["id"]: number for number, row in enumerate(ROWS)}
    for side in ("train_data", "test_data"):
        positions = [order[key] for key in keys(done[side])]
        assert positions == sorted(positions)


def test_the_rows_of_a_group_are_on_one_side(call_component, table):
    owned = [{**row, "clinic": number % 40} for number, row in enumerate(ROWS)]

    done = call_component(split_data, data=table(owned), key="id", method="group", column="clinic")

    train, test = (
        {row["clinic"] for row in rows(done[side])} for side in ("train_data", "test_data")
    )
    assert train & test == set()
    assert train | test == set(range(40))


def test_the_latest_rows_are_the_test_data(call_component, table):
    start = NAIVE
    dated = [{**row, "at": start + timedelta(hours=number)} for number, row in enumerate(ROWS)]

    done = call_component(
        split_data, data=table(dated), key="id", method="time", column="at", folds=3
    )

    assert keys(done["test_data"]) == [row["id"] for row in ROWS[300:]]
    assert [row["fold"] for row in rows(done["train_data"])] == [0] * 100 + [1] * 100 + [2] * 100


def test_a_cutoff_is_the_first_time_of_the_test_data(call_component, table):
    dated = {"id": ["a", "b", "c"], "on": [date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 2)]}

    done = call_component(
        split_data, data=table(dated), key="id", method="time", column="on", cutoff="2024-05-01"
    )

    assert keys(done["test_data"]) == ["b", "c"]


def test_folds_are_nearly_equal_and_independent_of_the_sides(call_component, table):
    done = call_component(split_data, data=table(ROWS), key="id", folds=4)

    counts = Counter(row["fold"] for row in rows(done["train_data"]))
    assert set(counts) == {0, 1, 2, 3}
    assert min(counts.values()) > 50
    assert "fold" not in rows(done["test_data"])[0]


@pytest.mark.environments("*")
@pytest.mark.smoke("split_data")
def test_every_row_is_on_one_side_and_the_share_comes_near(run_component, table):
    done = run_component(split_data, data=table(ROWS), key="id", test_fraction=0.3)

    train, test = keys(done["train_data"]), keys(done["test_data"])
    assert sorted(train + test) == sorted(row["id"] for row in ROWS)
    assert 0.25 < len(test) / len(ROWS) < 0.35
    assert done["test_data"].metadata["rows"] == len(test)


def test_added_rows_move_no_other(call_component, table):
    added = [{"id": f"new-{number}", "x": 0.0} for number in range(100)]

    before = call_component(split_data, data=table(ROWS), key="id")
    after = call_component(split_data, data=table(added + ROWS), key="id")

    assert set(keys(before["test_data"])) <= set(keys(after["test_data"]))
    assert set(keys(before["train_data"])) <= set(keys(after["train_data"]))


def test_another_salt_draws_another_split(call_component, table):
    first = call_component(split_data, data=table(ROWS), key="id")
    second = call_component(split_data, data=table(ROWS), key="id", salt="again")

    assert keys(first["test_data"]) != keys(second["test_data"])


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"id": ["a", None]}, {"key": "id"}, "The key column `id` is empty in row 1."),
        ({"id": [1.0, 2.0]}, {"key": "id"}, "floating-point numbers, such as 1.0 in row 0"),
        ({"id": ["a"]}, {"key": "name"}, "The table has no column `name`. It has `id`."),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 1.0}, "`test_fraction` is 1"),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 0.0}, "`test_fraction` is 0"),
        ({"id": ["a"]}, {"key": "id", "test_fraction": 0.5}, "no row of 1 was selected"),
        ({"id": pa.array([], "string")}, {"key": "id"}, "The table has no rows."),
        ({"id": [True]}, {"key": "id"}, "The key column `id` contains bool values"),
        ({"id": ["a"]}, {"key": "id", "method": "random"}, "The method `random` does not exist."),
        ({"id": ["a"]}, {"key": "id", "folds": 1}, "`folds` is 1. Give 2 or more"),
        ({"id": ["a"]}, {"key": "id", "method": "time"}, "`column` names the groups or the times."),
        ({"id": ["a"], "fold": [1]}, {"key": "id", "folds": 2}, "already has a column `fold`"),
        ({"id": ["a"]}, {"key": "id", "batch_rows": 0}, "A batch of 0 rows is impossible."),
        (
            {"id": [7, 7], "at": [1, 2]},
            {"key": "id", "method": "time", "column": "at", "test_fraction": 0.5},
            "would be in the training data and in the test data, for example 7.",
        ),
        (
            {"id": ["a", "b"], "at": ["2024-05-01", "2024-05-02"]},
            {"key": "id", "method": "time", "column": "at"},
            "The time column `at` has the type string.",
        ),
        (
            {"id": ["a", "b"], "at": [datetime(2024, 5, 1, tzinfo=timezone.utc)] * 2},
            {"key": "id", "method": "time", "column": "at", "cutoff": "2024-05-01"},
            "only one of them has a time zone. Add a zone, as in 2024-05-01T00:00:00+00:00.",
        ),
        (
            {"id": ["a", "b"], "at": [NAIVE, None]},
            {"key": "id", "method": "time", "column": "at"},
            "The time column `at` is empty in row 1.",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(call_component, table, columns, arguments, message):
    done = call_component(split_data, fails=True, data=table(columns), **arguments)

    assert message in done.log
