"""Schemas from tables, and what `validate_data` makes of them."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
import yaml

from kfpkit.components.infer_schema import infer_schema
from kfpkit.components.validate_data import validate_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

COLUMNS = {
    "id": ["a", "b", "c"],
    "age": [30, None, 50],
    "size": [1.5, float("nan"), 2.5],
    "count": [1, 2, 3],
    "flag": [True, False, None],
    "day": [date(2024, 5, 1)] * 3,
    "at": [datetime(2024, 5, n, tzinfo=timezone.utc) for n in (1, 2, 3)],
    "price": [Decimal("1.10"), None, Decimal("2.20")],
    "tags": [["x"], [], None],
}


@pytest.mark.environments("*")
@pytest.mark.smoke("infer_schema")
def test_each_column_is_described(run_component, table):
    inferred = run_component(infer_schema, data=table(COLUMNS))

    columns = yaml.safe_load(inferred.parameters["schema"])["columns"]
    assert list(columns) == list(COLUMNS)
    assert columns["id"]["nullable"] is False
    assert columns["age"]["nullable"] is True


def test_a_table_conforms_to_its_own_schema(call_component, table):
    data = table(COLUMNS)
    inferred = call_component(infer_schema, data=data)

    done = call_component(
        validate_data, data=data, schema=inferred.parameters["schema"], key="id", batch_rows=2
    )

    assert done["valid_data"].metadata["rows"] == 3
    assert inferred["file"].path.read_text() == inferred.parameters["schema"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"age": [30, None, 51]}, "column `age`: in_range(30, 50): rows `c` (51.0)"),
        ({"id": ["a", "b", "d"]}, "column `id`: isin(['a', 'b', 'c']): rows `d` (d)"),
        ({"count": [1, None, 3]}, "column `count`: not_nullable: rows `b` (nan)"),
        (
            {"at": [datetime(2024, 5, n, tzinfo=timezone.utc) for n in (1, 2, 9)]},
            "column `at`: in_range(2024-05-01",
        ),
        ({"more": [1, 2, 3]}, "column `more`: column_in_schema"),
    ],
)
def test_another_table_does_not(call_component, table, changed, message):
    inferred = call_component(infer_schema, data=table(COLUMNS))

    done = call_component(
        validate_data,
        fails=True,
        data=table(COLUMNS | changed),
        schema=inferred.parameters["schema"],
        key="id",
    )

    assert message in done.log


def test_an_empty_table_has_no_schema(call_component, table):
    done = call_component(infer_schema, fails=True, data=table({"x": []}))

    assert "The table has no rows." in done.log
