import pytest

from kfpkit.helpers.bigquery import table_name, table_name_of
from kfpkit.helpers.query_parameters import query_parameters


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, "BOOL", True),
        (5, "INT64", 5),
        (5.5, "FLOAT64", 5.5),
        ("x", "STRING", "x"),
        ({"type": "date", "value": "2024-05-01"}, "DATE", "2024-05-01"),
        ({"type": "FLOAT64", "value": "2.5"}, "FLOAT64", 2.5),
        ({"type": "STRING", "value": None}, "STRING", None),
    ],
)
def test_a_scalars_type_is_inferred_or_written(value, kind, expected):
    (parameter,) = query_parameters({"p": value})

    assert (parameter.name, parameter.type_, parameter.value) == ("p", kind, expected)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (["a", "b"], "STRING", ["a", "b"]),
        ([1, 2.5], "FLOAT64", [1.0, 2.5]),
        ({"type": "ARRAY<INT64>", "value": []}, "INT64", []),
    ],
)
def test_a_lists_type_is_its_elements(value, kind, expected):
    (parameter,) = query_parameters({"p": value})

    assert (parameter.array_type, parameter.values) == (kind, expected)


@pytest.mark.parametrize("value", [[], None, {}, [1, "a"], [[1]], {"type": "DATE"}])
def test_what_has_no_plain_type_is_refused(value):
    with pytest.raises(ValueError, match="type of the query parameter `p` cannot be inferred"):
        query_parameters({"p": value})


@pytest.mark.parametrize("text", ["here.ds.t", "ds.t"])
def test_a_tables_name_may_leave_its_project_out(text):
    assert str(table_name(text, "here")) == "here.ds.t"


def test_a_projects_domain_stays_with_it():
    assert table_name("example.com:here.ds.t", "x").project == "example.com:here"


@pytest.mark.parametrize("text", ["t", "", ".t", "a..t"])
def test_other_texts_name_no_table(text):
    with pytest.raises(ValueError, match="is not a valid table name"):
        table_name(text, "here")


def test_an_artifact_without_the_metadata_is_no_table():
    with pytest.raises(ValueError, match="its metadata lacks 'datasetId'"):
        table_name_of({"projectId": "p"})
