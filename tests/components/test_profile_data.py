"""Profiles of tables."""

import random
from datetime import date
from decimal import Decimal

import pytest
from components.claims import WITH_SKLEARN

from kfpkit.components.profile_data import profile_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("xgboost-1")]

DRAW = random.Random(3)
ROWS = 1000
LATE = [DRAW.random() < 0.3 for _ in range(ROWS)]
SIZES = [DRAW.gauss(0, 1) for _ in range(ROWS)]
COLUMNS = {
    "id": [f"key-{number}" for number in range(ROWS)],
    "late": LATE,
    "delay": [30.0 + number % 7 if late else 0.0 for number, late in enumerate(LATE)],
    "size": SIZES,
    "twice": [2 * size for size in SIZES],
    "same": [1] * ROWS,
    "nothing": [None] * (ROWS - 1) + [1.5],
    "endless": [float("inf"), *SIZES[1:]],
    "city": DRAW.choices(["Berlin", "Oslo"], k=ROWS),
    "day": [date(2024, 5, 1 + number % 28) for number in range(ROWS)],
    "price": [Decimal(number).scaleb(-2) for number in range(ROWS)],
    "tags": [["a"], ["b"]] * (ROWS // 2),
}


@pytest.mark.environments(*WITH_SKLEARN)
@pytest.mark.smoke("profile_data")
def test_what_stands_out_is_found(run_component, table):
    done = run_component(profile_data, data=table(COLUMNS), key="id", target="late")

    page = done["report"].path.read_text()
    for finding in (
        "<td>delay</td><td>predicts 100% of the target alone",
        "<td>same</td><td>has the same value in all rows",
        "<td>nothing</td>",
        "<td>endless</td><td>contains infinite numbers",
        "<td>size</td><td>twice</td><td>1.000</td>",
    ):
        assert finding in page
    assert done["metrics"].metadata["suspected_leaks"] == 1
    assert done["metrics"].metadata["repeated_rows"] == 0


def test_repeated_rows_and_keys_are_counted(call_component, table):
    data = table({"id": ["a", "a", "b", "b"], "x": [1, 1, 2, 3]})

    done = call_component(profile_data, data=data, key="id")

    assert done["metrics"].metadata["repeated_rows"] == 1
    assert done["metrics"].metadata["repeated_keys"] == 2


def test_a_page_shows_values_only_where_asked(call_component, table):
    data = table({**COLUMNS, "rare": ["Gotham"] * 9 + ["Metropolis"] * (ROWS - 9)})

    hidden = call_component(profile_data, data=data)["report"].path.read_text()
    shown = call_component(profile_data, data=data, show_values=True)["report"].path.read_text()

    assert not any(name in hidden for name in ("Berlin", "Gotham", "Metropolis", "key-1"))
    assert "Berlin" in shown
    assert "Metropolis" in shown
    assert "Gotham" not in shown


def test_few_rows_show_no_quantiles(call_component, table):
    page = call_component(profile_data, data=table({"pay": [1234.5, 2345.6]}))["report"]

    assert "1234" not in page.path.read_text()
    assert "<rect" not in page.path.read_text()


def test_a_number_is_a_target_too(call_component, table):
    data = table({"y": SIZES, "leak": [size**3 for size in SIZES], "noise": SIZES[::-1]})

    done = call_component(profile_data, data=data, target="y")

    assert done["metrics"].metadata["suspected_leaks"] == 1


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"x": []}, {}, "has no rows."),
        ({"x": [1]}, {"target": "y"}, "The table has no column `y`. It has `x`."),
    ],
)
def test_what_has_no_profile_is_refused(call_component, table, columns, arguments, message):
    done = call_component(profile_data, fails=True, data=table(columns), **arguments)

    assert message in done.log
