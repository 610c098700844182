import pytest
from components.tables import rows

from kfpkit.components.validate_data import validate_data

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

SCHEMA = """
columns:
  id: {dtype: str, unique: true}
  radius: {dtype: float64, checks: {in_range: {min_value: 0, max_value: 100}}}
  label: {dtype: int64, checks: {isin: [0, 1]}}
strict: true
coerce: true
"""


@pytest.mark.smoke("validate_data")
def test_valid_rows_pass_with_the_schemas_types(run_component, table):
    data = table({"id": ["a", "b"], "radius": [1, 2], "label": [0, 1]})

    done = run_component(validate_data, data=data, schema=SCHEMA, key="id")

    assert rows(done["valid_data"])[1] == {"id": "b", "radius": 2.0, "label": 1}
    assert isinstance(rows(done["valid_data"])[1]["radius"], float)
    assert "The data conforms to the schema." in done["report"].path.read_text()


def test_broken_rows_are_named_with_their_check(run_component, table):
    data = table({"id": ["a", "b", "c"], "radius": [1.0, -2.0, 700.0], "label": [0, 1, 5]})

    done = run_component(validate_data, fails=True, data=data, schema=SCHEMA, key="id")

    assert "column `radius`: in_range(0, 100): rows `b` (-2.0), `c` (700.0)" in done.log
    assert "column `label`: isin([0, 1]): rows `c` (5)" in done.log
    page = done["report"].path.read_text()
    assert "The data fails 2 checks" in page
    assert "<td>c</td><td>700.0</td>" in page
    assert not done["valid_data"].path.exists()


def test_a_missing_and_an_unknown_column_are_named(call_component, table):
    data = table({"id": ["a"], "label": [1], "Radius": [1.0]})

    done = call_component(validate_data, fails=True, data=data, schema=SCHEMA, key="id")

    assert "column `radius`: column_in_dataframe: found no such column" in done.log
    assert "column `Radius`: column_in_schema" in done.log
    assert "column_in_dataframe" in done["report"].path.read_text()


def test_missing_values_and_doubled_keys_are_named(call_component, table):
    data = table({"id": ["a", "a", None], "radius": [1.0, None, 3.0], "label": [0, 1, 1]})

    done = call_component(validate_data, fails=True, data=data, schema=SCHEMA, key="id")

    assert "column `id`: field_uniqueness: rows `a` (a), `a` (a)" in done.log
    assert "column `id`: not_nullable: rows `row 2`" in done.log
    assert "column `radius`: not_nullable: rows `a` (nan)" in done.log


def test_a_text_among_numbers_is_named(call_component, table):
    data = table({"id": ["a", "b"], "radius": ["1.5", "wide"], "label": [0, 1]})

    done = call_component(validate_data, fails=True, data=data, schema=SCHEMA, key="id")

    assert "rows `b` (wide)" in done.log


def test_of_many_broken_rows_the_text_names_ten_and_the_report_all(call_component, table):
    names = [f"k{row}" for row in range(50)]
    data = table({"id": names, "radius": [-1.0] * 50, "label": [0, 1] * 25})

    done = call_component(validate_data, fails=True, data=data, schema=SCHEMA, key="id")

    assert "`k9` (-1.0) and 40 more" in done.log
    assert "<td>k49</td>" in done["report"].path.read_text()


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("columns: {id: {dtype: str, check: {str_length: 3}}}", "unknown key `check` in `id`."),
        ("colums: {id: {dtype: str}}", "it does not define `columns`."),
        ("columns: {id: {dtype: str}}\nstrickt: true", "unknown key `strickt` in the table."),
        ("columns: {id: {dtype: str, checks: {nosuch: 3}}}", "pandera rejects it"),
        ("columns: {id: {dtype: strange}}", "pandera rejects it"),
        ("columns: [", "it is not valid YAML"),
        ("columns:", "it does not define `columns`."),
    ],
)
def test_a_schema_that_would_not_check_is_refused(call_component, table, schema, message):
    done = call_component(
        validate_data, fails=True, data=table({"id": ["a"]}), schema=schema, key="id"
    )

    assert message in done.log


def test_without_a_schema_each_row_needs_a_key(call_component, table):
    data = table({"id": ["a", "a"], "radius": [1.0, None], "label": [0, 1]})

    done = call_component(validate_data, data=data, schema="", key="id")

    assert rows(done["valid_data"]) == rows(data)
    assert "Each row has a key. No schema is given." in done["report"].path.read_text()


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("id", "column `id`: not_nullable: rows `row 1` (None)"),
        ("name", "column `id`: column_in_dataframe: found no such column"),
    ],
)
def test_without_a_schema_a_missing_key_is_refused(call_component, table, column, message):
    data = table({column: ["a", None], "label": [0, 1]})

    done = call_component(validate_data, fails=True, data=data, schema=" \n", key="id")

    assert message in done.log


def test_batches_are_checked_like_the_whole_table(call_component, table):
    data = table(
        {
            "id": ["a", "b", "c", "a"],
            "radius": [1.0, 2.0, 3.0, 4.0],
            "label": [0, 1, 7, 1],
            "age": [1, 2, None, 4],
        }
    )
    schema = SCHEMA.replace("strict: true\ncoerce: true", "  age: {dtype: float64, nullable: true}")

    done = call_component(
        validate_data, fails=True, data=data, schema=schema, key="id", batch_rows=1
    )

    assert "The data fails 2 checks of its schema" in done.log
    assert "column `label`: isin([0, 1]): rows `c` (7)" in done.log
    assert "column `id`: field_uniqueness: rows `a` (a), `a` (a)" in done.log


def test_types_stay_where_the_schema_sets_none(call_component, table):
    data = table({"id": ["a", "b"], "age": [None, 2], "tags": [None, ["x"]]})
    schema = "columns: {id: {dtype: str}, age: {dtype: float64, nullable: true}}"

    done = call_component(validate_data, data=data, schema=schema, key="id", batch_rows=1)

    assert rows(done["valid_data"]) == [
        {"id": "a", "age": None, "tags": None},
        {"id": "b", "age": 2, "tags": ["x"]},
    ]


def test_a_check_of_the_whole_table_sees_all_rows(call_component, table):
    schema = "columns: {x: {dtype: int64, checks: {unique_values_eq: [1, 2]}}}"

    done = call_component(
        validate_data, data=table({"x": [1, 2]}), schema=schema, key="x", batch_rows=1
    )

    assert done["valid_data"].metadata == {"rows": 2}


def test_an_empty_table_is_refused(call_component, table):
    data = table({"x": []})

    done = call_component(
        validate_data, fails=True, data=data, schema="columns: {x: {dtype: int64}}", key="x"
    )

    assert "The table has no rows." in done.log


def test_many_failing_rows_stay_bounded(run_component, table):
    count = 300_000
    data = table({"id": [str(row) for row in range(count)], "x": [-1.0] * count})
    schema = "columns: {x: {dtype: float64, checks: {ge: 0}}}"

    done = run_component(validate_data, fails=True, data=data, schema=schema, key="id")

    assert "`9` (-1.0) and 299,990 more" in done.log
    page = done["report"].path.read_text()
    assert "300,000 rows" in page
    assert "The first 1,000 rows are listed." in page
    assert len(page) < 200_000
