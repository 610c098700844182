"""The three BigQuery components, against the emulator's wire."""

import pytest

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.bigquery_query import bigquery_query

pytestmark = pytest.mark.slow

COLUMNS = {"id": ["a", "b", "c", "d"], "number": [1, 2, 3, 4], "size": [0.5, 1.5, None, 3.5]}
QUERY = "SELECT id, size FROM {} WHERE number >= @least AND id IN UNNEST(@ids) ORDER BY id"


@pytest.fixture
def raw(run_component, google, table, request):
    """Load a table of its own for each test."""
    dataset = request.node.name.partition("[")[0]
    return run_component(
        bigquery_load, variables=google, data=table(COLUMNS), destination=f"{dataset}.raw"
    )


def test_what_is_loaded_is_extracted_unchanged(run_component, google, raw, table):
    done = run_component(bigquery_extract, variables=google, table=raw["table"])

    assert done["data"].rows == table(COLUMNS).rows
    assert done["data"].metadata["rows"] == 4


def test_loading_twice_replaces(run_component, google, raw, table):
    name = raw.parameters["name"]

    again = run_component(bigquery_load, variables=google, data=table(COLUMNS), destination=name)

    assert again.parameters == raw.parameters == {"name": name, "rows": 4}
    assert name.startswith("local-project.")


def test_a_query_takes_typed_parameters_and_writes_a_table(run_component, google, raw):
    done = run_component(
        bigquery_query,
        variables=google,
        query=QUERY.format("raw"),
        destination=raw.parameters["name"].replace(".raw", ".chosen"),
        parameters={"least": {"type": "FLOAT64", "value": 2}, "ids": ["a", "b", "d"]},
    )
    extracted = run_component(bigquery_extract, variables=google, table=done["table"])

    assert extracted["data"].rows == [{"id": "b", "size": 1.5}, {"id": "d", "size": 3.5}]
    assert done["table"].metadata["tableId"] == "chosen"
    assert done["table"].metadata["rows"] == 2


def test_an_empty_result_keeps_its_columns(run_component, google, raw):
    done = run_component(
        bigquery_query,
        variables=google,
        query="SELECT id, size FROM raw WHERE FALSE",
        destination=raw.parameters["name"].replace(".raw", ".none"),
    )
    extracted = run_component(bigquery_extract, variables=google, table=done["table"])

    assert extracted["data"].rows == []
    assert done["table"].metadata["rows"] == 0


def test_a_refused_query_says_why(run_component, google):
    done = run_component(
        bigquery_query,
        fails=True,
        variables=google,
        query="SELECT id FROM nowhere",
        destination="refused.result",
    )

    assert "nowhere was not found" in done.log


def test_a_folder_of_files_is_loaded_as_one_table(run_component, google, table, artifact):
    folder = artifact("parts", {})
    folder.path.mkdir()
    for part in ("1.parquet", "2.parquet"):
        table(COLUMNS).path.rename(folder.path / part)

    done = run_component(bigquery_load, variables=google, data=folder, destination="parts.joined")

    assert done.parameters["rows"] == 8


def test_an_artifact_that_is_no_table_is_refused(run_component, google, artifact):
    done = run_component(
        bigquery_extract, fails=True, variables=google, table=artifact("data", {"rows": 3})
    )

    assert "The artifact is no BigQuery table" in done.log
