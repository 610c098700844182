"""The three BigQuery components, against the emulator's wire."""

import functools
import json
import urllib.request

import pytest
from components.tables import rows
from misbehaving import serve

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.bigquery_query import bigquery_query

__all__ = ["serve"]  # a fixture

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


@pytest.mark.smoke("bigquery_extract", "bigquery_load")
def test_what_is_loaded_is_extracted_unchanged(run, raw, table):
    done = run(bigquery_extract, table=raw["table"])

    assert rows(done["data"]) == rows(table(COLUMNS))
    assert done["data"].metadata["rows"] == 4


def test_loading_twice_replaces(run, raw, table):
    name = raw.parameters["name"]

    again = run(bigquery_load, data=table(COLUMNS), destination=name)

    assert again.parameters == raw.parameters == {"name": name, "rows": 4}
    assert name.startswith("local-project.")


@pytest.mark.smoke("bigquery_query")
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


def test_an_artifact_that_is_no_table_is_refused(call_component, artifact):
    done = call_component(bigquery_extract, fails=True, table=artifact("data", {"rows": 3}))

    assert "The artifact is not a BigQuery table" in done.log


def test_a_destination_is_partitioned_and_clustered(run, raw, google_emulators):
    destination = raw.parameters["name"].replace(".raw", ".parts")
    arguments = {
        "query": "SELECT id, number, DATE '2024-05-01' AS day FROM raw",
        "destination": destination,
        "partition": "day:MONTH",
        "cluster": ["id"],
        "labels": {"team": "risk"},
    }
    run(bigquery_query, **arguments)
    again = run(bigquery_query, write_mode="append", **arguments)
    refused = run(bigquery_query, fails=True, write_mode="empty", **arguments)

    assert again["table"].metadata["rows"] == 8
    assert "Already Exists" in refused.log
    listed = json.loads(urllib.request.urlopen(api_address(google_emulators, destination)).read())
    assert listed["timePartitioning"] == {"field": "day", "type": "MONTH"}
    assert listed["clustering"] == {"fields": ["id"]}


def api_address(variables, name):
    project, dataset, table = name.split(".")
    base = f"{variables['BIGQUERY_EMULATOR_HOST']}/bigquery/v2/projects/{project}"
    return f"{base}/datasets/{dataset}/tables/{table}"


def test_a_script_and_a_statement_need_no_destination(run, raw):
    name = raw.parameters["name"]
    script = (
        "DECLARE least INT64 DEFAULT 3;"
        f"CREATE TABLE `{name}_few` AS SELECT * FROM `{name}` WHERE number >= least;"
    )
    scripted = run(bigquery_query, query=script)
    changed = run(
        bigquery_query, query=f"DELETE FROM `{name}_few` WHERE number = @n", parameters={"n": 4}
    )

    assert scripted["table"].metadata["statementType"] == "SCRIPT"
    assert changed["table"].metadata["affectedRows"] == 1
    assert changed["table"].metadata["tableId"] == "raw_few"


def test_a_parameter_may_be_a_struct_and_never_becomes_sql(run, raw):
    done = run(
        bigquery_query,
        query="SELECT @who.name AS name, pair.n AS n FROM UNNEST(@pairs) AS pair",
        destination=raw.parameters["name"].replace(".raw", ".structs"),
        parameters={
            "who": {"name": "'; DROP TABLE raw; --"},
            "pairs": {"type": "ARRAY<STRUCT<n INT64, s STRING>>", "value": [{"n": 7, "s": None}]},
        },
    )

    extracted = run(bigquery_extract, table=done["table"])
    assert rows(extracted["data"]) == [{"name": "'; DROP TABLE raw; --", "n": 7}]
    assert run(bigquery_extract, table=raw["table"])["data"].metadata["rows"] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"write_mode": "overwrite"}, "The write mode `overwrite` does not exist."),
        ({"partition": "day:WEEK"}, "`day:WEEK` is not a partitioning."),
        ({"destination": "", "partition": "day"}, "concern the destination"),
        ({"parameters": {"s": {"type": "STRUCT<a INT64>", "value": 3}}}, "with the keys `a`"),
    ],
)
def test_a_query_that_cannot_run_is_refused(call_component, monkeypatch, arguments, message):
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")  # nothing asks it
    given = {"query": "SELECT 1 AS one", "destination": "refused.result"} | arguments

    assert message in call_component(bigquery_query, fails=True, **given).log


@pytest.mark.timeout(60)
def test_a_query_over_the_limit_is_refused_before_it_runs(run_component, serve):
    asked = []

    def answer(request):
        request.body()
        asked.append(f"{request.command} {request.path}")
        job = {
            "jobReference": {"projectId": "p", "jobId": "j"},
            "configuration": {"dryRun": True, "query": {"query": "SELECT 1"}},
            "statistics": {"query": {"totalBytesProcessed": "5000"}},
            "status": {"state": "DONE"},
        }
        request.send(200, json.dumps(job).encode(), Content_Type="application/json")

    done = run_component(
        bigquery_query,
        fails=True,
        network=True,
        variables={"BIGQUERY_EMULATOR_HOST": f"http://{serve(answer)}"},
        query="SELECT * FROM large",
        destination="p.d.t",
        byte_limit=4999,
    )

    assert (
        "The query would read 5,000 bytes, but `byte_limit` is 4,999. It did not run." in done.log
    )
    assert asked[0].startswith("POST ")
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_text_files_are_extracted_and_loaded(run, raw, name):
    extracted = run(bigquery_extract, table=raw["table"], format=name)
    types = {"id": "STRING", "number": "INT64", "size": "FLOAT64"}
    destination = raw.parameters["name"].replace(".raw", f".{name}")

    loaded = run(
        bigquery_load,
        data=extracted["data"],
        format=name,
        types=types,
        destination=destination,
        write_mode="append",
    )

    assert extracted["data"].metadata["format"] == name
    again = run(bigquery_extract, table=loaded["table"])
    assert rows(again["data"]) == rows(run(bigquery_extract, table=raw["table"])["data"])


def test_csv_files_of_a_folder_are_loaded_together_with_detected_types(run, artifact):
    folder = artifact("files", {})
    folder.path.mkdir()
    for number in (1, 2):
        (folder.path / f"{number}.csv").write_text(f"id,day\n{number},2024-05-0{number}\n")

    done = run(
        bigquery_load, data=folder, format="csv", destination="folders.joined", partition="day"
    )
    refused = run(bigquery_load, fails=True, data=folder, format="jsonl", destination="folders.no")

    assert done.parameters["rows"] == 2
    assert "contains no file that ends with `.jsonl`" in refused.log
