"""Where jobs and tables of the BigQuery emulator are."""

from __future__ import annotations

import pytest
from google.api_core.exceptions import NotFound
from google.cloud import bigquery

from kfpkit.helpers.clients import bigquery_client

pytestmark = pytest.mark.slow


@pytest.fixture
def european(warehouse, dataset) -> str:
    found = bigquery.Dataset(f"{warehouse.project}.{dataset}_eu")
    found.location = "eu"
    created = warehouse.create_dataset(found)
    warehouse.query_and_wait(f"CREATE TABLE {created.dataset_id}.t AS SELECT 1 AS x")
    return created.dataset_id


def test_a_job_runs_where_its_client_says(warehouse):
    for location in ("EU", "europe-west1", "US"):
        job = warehouse.query("SELECT 1", location=location)
        job.result()
        assert job.location == location
        assert warehouse.query_and_wait("SELECT 1", location=location).location == location
        assert warehouse.get_job(job.job_id, location=location).location == location
    with pytest.raises(NotFound, match=f"Job {warehouse.project}:EU"):
        warehouse.get_job(job.job_id, location="EU")


def test_a_job_runs_where_its_data_is(warehouse, european, bucket):
    table = f"{european}.t"
    assert warehouse.get_table(table).location == "EU"
    query = warehouse.query(f"SELECT * FROM {table}")
    load = warehouse.load_table_from_json([{"x": 2}], table)
    copy = warehouse.copy_table(table, f"{european}.copy")
    extract = warehouse.extract_table(table, f"gs://{bucket.name}/t.csv")
    for job in (query, load, copy, extract):
        job.result()
        assert job.location == "EU"


def test_a_client_of_a_location_finds_its_data(european):
    with bigquery_client(location="EU") as client:
        assert [row.x for row in client.query_and_wait(f"SELECT x FROM {european}.t")] == [1]


def test_data_elsewhere_is_not_found(warehouse, dataset, european):
    elsewhere = f"Dataset .*{european} was not found in location US"
    with pytest.raises(NotFound, match=elsewhere):
        warehouse.query(f"SELECT * FROM {european}.t", location="US").result()
    with pytest.raises(NotFound, match=elsewhere):
        warehouse.query_and_wait(f"SELECT * FROM {european}.t", location="US")
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS SELECT 1 AS x")
    with pytest.raises(NotFound, match="was not found in location"):
        warehouse.query(f"SELECT * FROM {dataset}.t JOIN {european}.t AS e USING (x)").result()
    with pytest.raises(NotFound, match="nothing was not found in location EU"):
        warehouse.query(f"SELECT * FROM {european}.nothing").result()
