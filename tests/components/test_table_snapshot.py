"""Snapshots of tables, against the emulator."""

import functools
from datetime import datetime, timezone

import pytest
from components.tables import rows

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.table_snapshot import table_snapshot

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]


@pytest.fixture
def run(run_component, google_emulators):
    """Return `run_component` with the emulators in reach."""
    return functools.partial(run_component, variables=google_emulators, network=True)


@pytest.mark.smoke("table_snapshot")
def test_a_snapshot_keeps_the_rows_when_the_table_changes(run, table):
    loaded = run(bigquery_load, data=table({"id": [1]}), destination="snaps.source")
    done = run(table_snapshot, table=loaded["table"], destination="snaps.kept", expires_days=7)

    run(bigquery_load, data=table({"id": [2]}), destination="snaps.source")

    assert rows(run(bigquery_extract, table=done["snapshot"])["data"]) == [{"id": 1}]
    assert done["snapshot"].metadata["rows"] == 1


def test_a_snapshot_has_the_rows_of_an_earlier_time(run, table):
    loaded = run(bigquery_load, data=table({"id": [1]}), destination="travels.source")
    then = datetime.now(timezone.utc).isoformat()
    run(bigquery_load, data=table({"id": [2]}), destination="travels.source", write_mode="append")

    done = run(table_snapshot, table=loaded["table"], destination="travels.kept", at=then)

    assert rows(run(bigquery_extract, table=done["snapshot"])["data"]) == [{"id": 1}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at": "2024-05-01"}, "`2024-05-01` is not a time with a zone."),
        ({"expires_days": -1}, "`expires_days` is -1."),
        ({"destination": "snaps.`x`; DROP TABLE y"}, "is not a valid table name"),
    ],
)
def test_what_is_no_snapshot_is_refused(call_component, artifact, monkeypatch, arguments, message):
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")  # nothing asks it
    metadata = {"projectId": "p", "datasetId": "d", "tableId": "t"}
    given = {"destination": "snaps.refused"} | arguments

    done = call_component(table_snapshot, fails=True, table=artifact("table", metadata), **given)

    assert message in done.log
