"""Files that jobs of the BigQuery emulator read and write in Cloud Storage."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from google.api_core.exceptions import BadRequest, MethodNotImplemented, NotFound
from google.cloud import bigquery

pytestmark = pytest.mark.slow

TYPED = (
    "SELECT 1 AS i, 0.5 AS f, TRUE AS b, 'ä' AS s, b'\\x00\\xff' AS y, NUMERIC '1.5' AS n, "
    "DATE '2024-02-29' AS d, TIME '01:02:03.000004' AS t, DATETIME '2024-02-29T01:02:03' AS dt, "
    "TIMESTAMP '2024-02-29 01:02:03.000004+00' AS ts, [1, 2] AS a, "
    "STRUCT('x' AS s, [STRUCT(1 AS n)] AS r) AS r, CAST(NULL AS STRING) AS z"
)


def names(warehouse, bucket, pattern, dataset):
    """Load what a pattern matches: files with their own names."""
    config = bigquery.LoadJobConfig(schema=[bigquery.SchemaField("n", "STRING")])
    uri = f"gs://{bucket.name}/{pattern}"
    warehouse.load_table_from_uri(uri, f"{dataset}.names", job_config=config).result()
    found = warehouse.query(f"SELECT n FROM {dataset}.names ORDER BY n").result()
    return [row.n for row in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("dir/*", ["dir/a.csv", "dir/b[1]?.csv", "dir/sub/c.csv", "dir/sub/deep/d ä%20.csv"]),
        ("dir/*/d*", None),
        ("dir/sub/*.csv", ["dir/sub/c.csv", "dir/sub/deep/d ä%20.csv"]),
        ("dir*d.csv", ["dirx/d.csv"]),
        ("dir/b[1]?.csv", ["dir/b[1]?.csv"]),
    ],
)
def test_a_star_stands_for_any_text(warehouse, bucket, dataset, pattern, expected):
    for name in [
        *("dir/a.csv", "dir/b[1]?.csv", "dir/sub/c.csv", "dir/sub/deep/d ä%20.csv"),
        "dirx/d.csv",
    ]:
        bucket.blob(name).upload_from_string(f"{name}\n")
    bucket.blob("dir/").upload_from_string("")
    if expected is None:
        with pytest.raises(BadRequest, match=r"can contain one `\*`"):
            names(warehouse, bucket, pattern, dataset)
    else:
        assert names(warehouse, bucket, pattern, dataset) == expected


def test_what_matches_nothing_is_not_found(warehouse, bucket, dataset):
    for pattern in ("nothing/*", "nothing.csv"):
        with pytest.raises(NotFound, match=f"Not found: Uris gs://{bucket.name}/nothing"):
            names(warehouse, bucket, pattern, dataset)


def test_an_extract_writes_into_folders(warehouse, bucket, dataset):
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS SELECT 1 AS x")
    warehouse.extract_table(f"{dataset}.t", f"gs://{bucket.name}/out/a/*").result()
    (blob,) = bucket.list_blobs()
    assert blob.name == "out/a/000000000000"
    assert blob.download_as_text() == "x\n1\n"
    with pytest.raises(BadRequest, match=r"can contain one `\*`"):
        warehouse.extract_table(f"{dataset}.t", f"gs://{bucket.name}/*/*").result()


def test_partitions_of_hive_become_columns(warehouse, bucket, dataset):
    for day in (1, 2):
        bucket.blob(f"h/day={day}/rows.csv").upload_from_string(f"{day}\n")
    hive = bigquery.HivePartitioningOptions()
    hive.mode = "AUTO"
    hive.source_uri_prefix = f"gs://{bucket.name}/h/"
    config = bigquery.LoadJobConfig(schema=[bigquery.SchemaField("x", "INTEGER")])
    config.hive_partitioning = hive
    uri = f"gs://{bucket.name}/h/*"
    warehouse.load_table_from_uri(uri, f"{dataset}.h", job_config=config).result()
    found = warehouse.query(f"SELECT x, day FROM {dataset}.h ORDER BY x").result()
    assert [row.values() for row in found] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("compression", ["NONE", "DEFLATE"])
def test_avro_keeps_every_type_on_its_way(warehouse, bucket, dataset, compression):
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS {TYPED}")
    config = bigquery.ExtractJobConfig(
        destination_format="AVRO", compression=compression, use_avro_logical_types=True
    )
    uri = f"gs://{bucket.name}/out/part-*.avro"
    warehouse.extract_table(f"{dataset}.t", uri, job_config=config).result()

    load = bigquery.LoadJobConfig(source_format="AVRO", use_avro_logical_types=True)
    warehouse.load_table_from_uri(uri, f"{dataset}.copy", job_config=load).result()

    (before,), (after,) = (
        warehouse.query(f"SELECT * EXCEPT (dt) FROM {dataset}.{name}").result()
        for name in ("t", "copy")
    )
    assert after.values() == before.values()
    assert [field.field_type for field in warehouse.get_table(f"{dataset}.copy").schema][5:10] == [
        *("NUMERIC", "DATE", "TIME"),
        "STRING",  # as in BigQuery, whose Avro files hold a DATETIME as text
        "TIMESTAMP",
    ]


def test_avro_without_logical_types_has_texts_and_numbers(warehouse, bucket, dataset):
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS {TYPED}")
    config = bigquery.ExtractJobConfig(destination_format="AVRO")
    uri = f"gs://{bucket.name}/t.avro"
    warehouse.extract_table(f"{dataset}.t", uri, job_config=config).result()
    load = bigquery.LoadJobConfig(source_format="AVRO")
    warehouse.load_table_from_uri(uri, f"{dataset}.copy", job_config=load).result()

    (row,) = warehouse.query(f"SELECT d, t, dt, ts FROM {dataset}.copy").result()

    moment = dt.datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=dt.timezone.utc)
    assert row.values() == (
        *("2024-02-29", "01:02:03.000004", "2024-02-29T01:02:03"),
        round(moment.timestamp() * 1_000_000),
    )


def test_avro_without_logical_types_has_texts_in_records_too(warehouse, bucket, dataset):
    typed = "SELECT STRUCT(DATE '2024-02-29' AS d, [STRUCT(TIME '01:02:03' AS t)] AS r) AS s"
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS {typed}")
    config = bigquery.ExtractJobConfig(destination_format="AVRO")
    uri = f"gs://{bucket.name}/t.avro"
    warehouse.extract_table(f"{dataset}.t", uri, job_config=config).result()
    load = bigquery.LoadJobConfig(source_format="AVRO")
    warehouse.load_table_from_uri(uri, f"{dataset}.copy", job_config=load).result()

    (row,) = warehouse.query(f"SELECT s FROM {dataset}.copy").result()

    assert row.s == {"d": "2024-02-29", "r": [{"t": "01:02:03"}]}


def test_avro_is_exported_by_a_statement_and_uploaded(warehouse, bucket, dataset):
    options = f"uri='gs://{bucket.name}/e-*.avro', format='AVRO'"
    warehouse.query_and_wait(f"EXPORT DATA OPTIONS ({options}) AS SELECT 7 AS x")
    (blob,) = bucket.list_blobs()
    config = bigquery.LoadJobConfig(source_format="AVRO")
    content = io.BytesIO(blob.download_as_bytes())
    warehouse.load_table_from_file(content, f"{dataset}.t", job_config=config).result()
    assert [row.x for row in warehouse.list_rows(f"{dataset}.t")] == [7]


def test_what_avro_would_need_is_refused(warehouse, bucket, dataset):
    warehouse.query_and_wait(f"CREATE TABLE {dataset}.t AS SELECT 1 AS x")
    config = bigquery.ExtractJobConfig(destination_format="AVRO", compression="SNAPPY")
    with pytest.raises(MethodNotImplemented, match=r"`SNAPPY` of Avro files: not emulated\. Use"):
        warehouse.extract_table(
            f"{dataset}.t", f"gs://{bucket.name}/t.avro", job_config=config
        ).result()
