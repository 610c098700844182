"""Copies within Cloud Storage, against the emulator."""

import functools

import pytest

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.import_file import import_file
from kfpkit.components.storage_copy import storage_copy

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]


@pytest.fixture
def run(run_component, google_emulators):
    """Return `run_component` with the emulators in reach."""
    return functools.partial(run_component, variables=google_emulators, network=True)


@pytest.fixture
def stored(run, table, bucket):
    """Return a folder in Cloud Storage with a table of three rows."""
    loaded = run(bigquery_load, data=table({"id": [1, 2, 3]}), destination="copies.source")
    return run(bigquery_extract, table=loaded["table"], destination=f"{bucket}/from")["data"].uri


@pytest.mark.smoke("storage_copy")
def test_a_folder_is_copied(run, stored, bucket):
    done = run(storage_copy, source=stored, destination=f"{bucket}/to/there")

    imported = run(import_file, source=f"{bucket}/to/there", format="parquet")
    assert done.parameters["files"] == 1
    assert done.parameters["bytes"] > 0
    assert done["copy"].uri == f"{bucket}/to/there"
    assert imported["data"].metadata["rows"] == 3


def test_an_object_is_copied_into_a_folder(run, stored, bucket):
    source = f"{stored}/part-000000000000.parquet"

    run(storage_copy, source=source, destination=f"{bucket}/one/")

    imported = run(import_file, source=f"{bucket}/one/part-000000000000.parquet")
    assert imported["data"].metadata["rows"] == 3


@pytest.mark.parametrize(
    ("source", "destination", "message"),
    [
        ("/tmp/x", "{bucket}/a", "`/tmp/x` is not an address in Cloud Storage."),
        ("{bucket}/none", "{bucket}/a", "There is no object at `{bucket}/none`."),
        ("{bucket}/a", "{bucket}/a/b", "a folder can't be copied into itself"),
    ],
)
def test_what_cannot_be_copied_is_refused(run, bucket, source, destination, message):
    done = run(
        storage_copy,
        fails=True,
        source=source.format(bucket=bucket),
        destination=destination.format(bucket=bucket),
    )

    assert message.format(bucket=bucket) in done.log
