"""Drift between two tables."""

import random
from datetime import datetime, timedelta

import pytest
from components.claims import WITH_SKLEARN

from kfpkit.components.compare_data import compare_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("xgboost-1")]

START = datetime.fromisoformat("2024-01-01")


def columns(seed, *, shift=0.0, rare=0.2, days=0):
    draw = random.Random(seed)
    return {
        "amount": [draw.gauss(shift, 1) for _ in range(2000)],
        "kind": [draw.choices("ab", [1 - rare, rare])[0] for _ in range(2000)],
        "at": [START + timedelta(days=days + draw.random() * 30) for _ in range(2000)],
        "note": [f"{draw.random()}" if draw.random() > 0.1 else None for _ in range(2000)],
    }


@pytest.mark.environments(*WITH_SKLEARN)
@pytest.mark.smoke("compare_data")
def test_what_is_drawn_alike_has_not_drifted(run_component, table):
    done = run_component(compare_data, reference=table(columns(1)), data=table(columns(2)))

    assert done.parameters == {"drifted": False, "columns": []}
    assert done["metrics"].metadata["compared_columns"] == 4
    assert ">stable<" in done["report"].path.read_text()


@pytest.mark.parametrize(
    ("changed", "drifted"),
    [
        ({"shift": 0.8}, ["amount"]),
        ({"rare": 0.6}, ["kind"]),
        ({"days": 20}, ["at"]),
    ],
)
def test_a_column_that_has_changed_has_drifted(call_component, table, changed, drifted):
    done = call_component(
        compare_data, reference=table(columns(1)), data=table(columns(2, **changed))
    )

    assert done.parameters["columns"] == drifted
    assert done["metrics"].metadata["largest_psi"] > 0.2


def test_missing_and_new_columns_and_other_types_are_a_drift(call_component, table):
    done = call_component(
        compare_data,
        reference=table({"a": [1, 2], "b": [1, 2], "c": [1, 2]}),
        data=table({"a": [1, 2], "b": ["x", "y"], "d": [1, 2]}),
    )

    assert done.parameters["columns"] == ["b", "c", "d"]


def test_few_rows_do_not_drift_by_chance(call_component, table):
    done = call_component(
        compare_data, reference=table({"x": [1.0, 2.0, 3.0]}), data=table({"x": [3.0, 4.0]})
    )

    assert done.parameters["drifted"] is False


def test_a_drift_fails_the_task_where_asked_and_the_page_shows_no_values(run_component, table):
    before = {"name": ["Ada", "Grace"] * 500}
    after = {"name": ["Ada", "Linus"] * 500}

    done = run_component(
        compare_data, fails=True, fail_on_drift=True, reference=table(before), data=table(after)
    )

    assert "The data differs from the reference in these columns:\n  `name`: psi" in done.log
    page = done["report"].path.read_text()
    assert ">drifted<" in page
    assert not any(name in page for name in ("Ada", "Grace", "Linus"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"thresholds": {"ks": 0.1}}, "The measure `ks` does not exist."),
        ({"columns": ["y"]}, "The table has no column `y`. It has `x`."),
        ({"most_rows": 0}, "A sample of 0 rows is impossible."),
        ({}, "has no rows. Check the task that writes it."),
    ],
)
def test_what_cannot_be_compared_is_refused(call_component, table, arguments, message):
    empty = {"x": [1.0][: 1 if arguments else 0]}

    done = call_component(
        compare_data, fails=True, reference=table({"x": [1.0]}), data=table(empty), **arguments
    )

    assert message in done.log
