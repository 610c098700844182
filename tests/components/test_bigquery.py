"""The three BigQuery components, against the emulator's wire."""

import functools

import pytest
from components.tables import rows

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.bigquery_query import bigquery_query

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

COLUMNS = {"id": ["a", "b", "c", "d"], "number": [1, 2, 3, 4], "size": [0.5, 1.5, None, 3.5]}
QUERY = "SELECT id, size FROM {} WHERE number >= @least AND id IN UNNEST(@ids) ORDER BY id"


@pytest.fixture
def run(run_component, google_emulators):
    """Return `run_component` with the emulators in reach."""
    return functools.partial(run_component, variables=google_emulators, network=True)


@pytest.fixture
def raw(run, table, request):
    """Load a table of its own for each test."""
    dataset = request.node.name.partition("[")[0]
    return run(bigquery_load, data=table(COLUMNS), destination=f"{dataset}.raw")


def test_what_is_loaded_is_extracted_unchanged(run, raw, table):
    done = run(bigquery_extract, table=raw["table"])

    assert rows(done["data"]) == rows(table(COLUMNS))
    assert done["data"].metadata["rows"] == 4


def test_loading_twice_replaces(run, raw, table):
    name = raw.parameters["name"]

    again = run(bigquery_load, data=table(COLUMNS), destination=name)

    assert again.parameters == raw.parameters == {"name": name, "rows": 4}
    assert name.startswith("local-project.")


def test_a_query_takes_typed_parameters_and_writes_a_table(run, raw):
    done = run(
        bigquery_query,
        query=QUERY.format("raw"),
        destination=raw.parameters["name"].replace(".raw", ".chosen"),
        parameters={"least": {"type": "FLOAT64", "value": 2}, "ids": ["a", "b", "d"]},
    )
    extracted = run(bigquery_extract, table=done["table"])

    assert rows(extracted["data"]) == [{"id": "b", "size": 1.5}, {"id": "d", "size": 3.5}]
    assert done["table"].metadata["tableId"] == "chosen"
    assert done["table"].metadata["rows"] == 2


def test_a_null_parameter_is_null_in_the_query(run, raw):
    done = run(
        bigquery_query,
        query="SELECT id FROM raw WHERE (@least IS NULL OR number >= @least) AND size < @most",
        destination=raw.parameters["name"].replace(".raw", ".chosen"),
        parameters={"least": {"type": "INT64", "value": None}, "most": 1.0},
    )

    assert done["table"].metadata["rows"] == 1


def test_an_empty_result_keeps_its_columns(run, raw):
    done = run(
        bigquery_query,
        query="SELECT id, size FROM raw WHERE FALSE",
        destination=raw.parameters["name"].replace(".raw", ".none"),
    )
    extracted = run(bigquery_extract, table=done["table"])

    assert rows(extracted["data"]) == []
    assert done["table"].metadata["rows"] == 0


def test_a_refused_query_says_why(run):
    done = run(
        bigquery_query,
        fails=True,
        query="SELECT id FROM nowhere",
        destination="refused.result",
    )

    assert "nowhere was not found" in done.log


def test_a_folder_of_files_is_loaded_as_one_table(run, table, artifact):
    folder = artifact("parts", {})
    folder.path.mkdir()
    for part in ("1.parquet", "2.parquet"):
        table(COLUMNS).path.rename(folder.path / part)

    done = run(bigquery_load, data=folder, destination="parts.joined")

    assert done.parameters["rows"] == 8


def test_an_artifact_that_is_no_table_is_refused(run, artifact):
    done = run(bigquery_extract, fails=True, table=artifact("data", {"rows": 3}))

    assert "The artifact is not a BigQuery table" in done.log
