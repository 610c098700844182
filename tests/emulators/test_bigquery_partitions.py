"""`table$20240501` in the BigQuery emulator: one partition of a table, and no table of its own."""

from __future__ import annotations

import datetime as dt

import pytest
from google.api_core.exceptions import BadRequest, Conflict, MethodNotImplemented, NotFound
from google.cloud import bigquery

pytestmark = pytest.mark.slow

MAY = [dt.date(2024, 5, day) for day in (1, 2, 3)]


def rows(warehouse, name):
    found = warehouse.query(f"SELECT d, x FROM {name} ORDER BY d, x").result()
    return [row.values() for row in found]


def load(warehouse, name, write="WRITE_TRUNCATE", **row):
    config = bigquery.LoadJobConfig(write_disposition=write)
    warehouse.load_table_from_json([row], name, job_config=config).result()


@pytest.fixture
def name(warehouse, dataset) -> str:
    name = f"{dataset}.daily"
    table = f"CREATE TABLE {name} (d DATE, x INT64) PARTITION BY d"
    fill = f"INSERT INTO {name} (d, x) VALUES (DATE '2024-05-01', 1), (DATE '2024-05-02', 2)"
    warehouse.query_and_wait(f"{table}; {fill}")
    return name


def test_a_load_replaces_one_partition(warehouse, dataset, name):
    for x in (7, 8):
        load(warehouse, f"{name}$20240501", d="2024-05-01", x=x)
    assert rows(warehouse, name) == [(MAY[0], 8), (MAY[1], 2)]
    assert [table.table_id for table in warehouse.list_tables(dataset)] == ["daily"]


def test_a_load_appends_to_a_partition_or_wants_it_empty(warehouse, name):
    load(warehouse, f"{name}$20240501", "WRITE_APPEND", d="2024-05-01", x=9)
    load(warehouse, f"{name}$20240503", "WRITE_EMPTY", d="2024-05-03", x=3)
    assert rows(warehouse, name) == [(MAY[0], 1), (MAY[0], 9), (MAY[1], 2), (MAY[2], 3)]
    with pytest.raises(Conflict):
        load(warehouse, f"{name}$20240503", "WRITE_EMPTY", d="2024-05-03", x=3)


def test_a_query_replaces_one_partition_and_returns_its_rows(warehouse, name):
    config = bigquery.QueryJobConfig(
        destination=f"{warehouse.project}.{name}$20240502", write_disposition="WRITE_TRUNCATE"
    )
    job = warehouse.query("SELECT DATE '2024-05-02' AS d, 5 AS x", job_config=config)
    assert [row.values() for row in job.result()] == [(MAY[1], 5)]
    assert rows(warehouse, name) == [(MAY[0], 1), (MAY[1], 5)]


def test_rows_of_another_partition_are_refused_and_change_nothing(warehouse, name):
    with pytest.raises(BadRequest, match=r"Some rows belong to different partitions.* 20240501"):
        load(warehouse, f"{name}$20240501", d="2024-05-02", x=9)
    assert rows(warehouse, name) == [(MAY[0], 1), (MAY[1], 2)]


@pytest.mark.parametrize("columns", ["'no number' AS x", "1 AS x, 2 AS y"])
def test_a_write_that_fails_halfway_leaves_the_partition_as_it_was(warehouse, name, columns):
    config = bigquery.QueryJobConfig(
        destination=f"{warehouse.project}.{name}$20240501", write_disposition="WRITE_TRUNCATE"
    )
    with pytest.raises(BadRequest):
        warehouse.query(f"SELECT DATE '2024-05-01' AS d, {columns}", job_config=config).result()
    assert rows(warehouse, name) == [(MAY[0], 1), (MAY[1], 2)]
    load(warehouse, f"{name}$20240501", d="2024-05-01", x=8)
    assert rows(warehouse, name) == [(MAY[0], 8), (MAY[1], 2)]


def test_a_partition_is_read_copied_and_deleted(warehouse, dataset, name, bucket):
    partition = f"{name}$20240502"
    table = warehouse.get_table(partition)
    assert (table.table_id, table.num_rows) == ("daily$20240502", 1)
    assert [row.values() for row in warehouse.list_rows(table)] == [(MAY[1], 2)]
    warehouse.extract_table(partition, f"gs://{bucket.name}/part.csv").result()
    assert bucket.blob("part.csv").download_as_text() == "d,x\n2024-05-02,2\n"
    warehouse.copy_table(partition, f"{dataset}.copy").result()
    assert rows(warehouse, f"{dataset}.copy") == [(MAY[1], 2)]
    warehouse.delete_table(partition)
    assert rows(warehouse, name) == [(MAY[0], 1)]


@pytest.mark.parametrize(
    ("unit", "kind", "decorator", "inside", "outside"),
    [
        ("HOUR", "TIMESTAMP", "2024050123", "2024-05-01 23:59:59+00", "2024-05-02 00:00:00+00"),
        ("MONTH", "DATE", "202412", "2024-12-31", "2025-01-01"),
        ("YEAR", "DATETIME", "2024", "2024-12-31T23:59:59", "2025-01-01T00:00:00"),
    ],
)
def test_other_units_have_their_own_ids(  # noqa: PLR0913, PLR0917
    warehouse, dataset, unit, kind, decorator, inside, outside
):
    table = bigquery.Table(
        f"{warehouse.project}.{dataset}.t",
        schema=[bigquery.SchemaField("d", kind), bigquery.SchemaField("x", "INTEGER")],
    )
    table.time_partitioning = bigquery.TimePartitioning(field="d", type_=unit)
    warehouse.create_table(table)
    load(warehouse, f"{dataset}.t${decorator}", d=inside, x=1)
    with pytest.raises(BadRequest, match="different partitions"):
        load(warehouse, f"{dataset}.t${decorator}", d=outside, x=2)
    with pytest.raises(BadRequest, match=f"is not the id of a partition by {unit}"):
        load(warehouse, f"{dataset}.t$20240501010", d=inside, x=2)
    assert [x for _, x in rows(warehouse, f"{dataset}.t")] == [1]


def test_ranges_of_numbers_are_partitions_too(warehouse, dataset):
    name = f"{dataset}.t"
    by = "RANGE_BUCKET(x, GENERATE_ARRAY(0, 100, 10))"
    warehouse.query_and_wait(f"CREATE TABLE {name} (d DATE, x INT64) PARTITION BY {by}")
    partitioning = warehouse.get_table(name).range_partitioning
    assert (partitioning.field, partitioning.range_.interval) == ("x", 10)
    load(warehouse, f"{name}$10", x=19)
    with pytest.raises(BadRequest, match="different partitions"):
        load(warehouse, f"{name}$10", x=20)
    assert rows(warehouse, name) == [(None, 19)]


def test_what_is_no_partition_is_refused(warehouse, dataset, name):
    with pytest.raises(BadRequest, match="cannot include decorator"):
        warehouse.query_and_wait(f"SELECT * FROM `{name}$20240501`")
    with pytest.raises(NotFound):
        load(warehouse, f"{dataset}.nothing$20240501", d="2024-05-01", x=1)
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.plain (d DATE, x INT64)")
    with pytest.raises(MethodNotImplemented, match=r"no column partitions: not emulated\. Part"):
        load(warehouse, f"{dataset}.plain$20240501", d="2024-05-01", x=1)
    with pytest.raises(MethodNotImplemented, match=r"into a partition: not emulated\. Stream"):
        warehouse.insert_rows_json(f"{name}$20240501", [{"x": 1}])
