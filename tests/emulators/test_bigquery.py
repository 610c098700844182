"""The BigQuery emulator, through the real client."""

from __future__ import annotations

import datetime as dt
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery

from kfpkit.helpers.clients import read_arrow

pytestmark = pytest.mark.slow

ROWS = [{"id": 1, "name": "ä", "ratio": 0.5}, {"id": 2, "name": None, "ratio": None}]
SCHEMA = [
    bigquery.SchemaField("id", "INTEGER"),
    bigquery.SchemaField("name", "STRING"),
    bigquery.SchemaField("ratio", "FLOAT"),
]


@pytest.fixture
def table(warehouse, dataset) -> str:
    """Load two rows of JSON and return the table's name."""
    config = bigquery.LoadJobConfig(schema=SCHEMA)
    warehouse.load_table_from_json(ROWS, f"{dataset}.rows", job_config=config).result()
    return f"{dataset}.rows"


def parquet(table: pa.Table) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(table, file)
    file.seek(0)
    return file


def test_json_rows_come_back_with_their_types(warehouse, table):
    loaded = read_arrow(warehouse.list_rows(table))
    assert sorted(loaded.to_pylist(), key=lambda row: row["id"]) == ROWS
    assert loaded.schema.types == [pa.int64(), pa.string(), pa.float64()]


def test_parquet_is_loaded_by_column_name(warehouse, dataset):
    source = pa.table({"b": ["x", "y"], "a": [1, 2], "day": [dt.date(2024, 1, 1)] * 2})
    config = bigquery.LoadJobConfig(source_format="PARQUET")
    for write in ("WRITE_TRUNCATE", "WRITE_APPEND"):
        config.write_disposition = write
        warehouse.load_table_from_file(parquet(source), f"{dataset}.p", job_config=config).result()
    rows = warehouse.query(f"SELECT a, b, day FROM {dataset}.p ORDER BY a").result()
    assert read_arrow(rows).to_pydict()["a"] == [1, 1, 2, 2]


def test_a_query_with_typed_parameters_fills_its_destination(warehouse, dataset, table):
    config = bigquery.QueryJobConfig(
        destination=f"{warehouse.project}.{dataset}.found",
        write_disposition="WRITE_TRUNCATE",
        query_parameters=[
            bigquery.ScalarQueryParameter("least", "FLOAT64", 0.25),
            bigquery.ArrayQueryParameter("ids", "INT64", [1, 2, 3]),
            bigquery.ScalarQueryParameter("day", "DATE", dt.date(2024, 2, 29)),
        ],
    )
    query = f"SELECT id, @day AS day FROM {table} WHERE ratio > @least AND id IN UNNEST(@ids)"
    for _ in range(2):
        warehouse.query(query, job_config=config).result()
    (row,) = read_arrow(warehouse.list_rows(f"{dataset}.found")).to_pylist()
    assert row == {"id": 1, "day": dt.date(2024, 2, 29)}


def test_parameters_of_every_scalar_type_keep_their_values(warehouse):
    now = dt.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=dt.timezone.utc)
    values = {"INT64": 2**60, "FLOAT64": 0.1, "BOOL": True, "STRING": "a'b", "TIMESTAMP": now}
    config = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter(kind, kind, values[kind]) for kind in values
        ]
    )
    columns = ", ".join(f"@{kind} AS c_{kind}" for kind in values)
    (row,) = warehouse.query(f"SELECT {columns}", job_config=config).result()
    assert list(row.values()) == list(values.values())


def test_key_hashes_are_those_of_bigquery(warehouse):
    (row,) = warehouse.query("SELECT FARM_FINGERPRINT('foo'), MOD(-7, 3)").result()
    assert row.values() == (6150913649986995171, -1)


def test_a_table_travels_through_cloud_storage(warehouse, dataset, table, bucket):
    extract = bigquery.ExtractJobConfig(destination_format="PARQUET")
    address = f"gs://{bucket.name}/out/part-*.parquet"
    warehouse.extract_table(table, address, job_config=extract).result()
    (part,) = bucket.list_blobs(prefix="out/")
    assert pq.read_table(io.BytesIO(part.download_as_bytes())).num_rows == 2

    load = bigquery.LoadJobConfig(source_format="PARQUET")
    for number, source in enumerate([[f"gs://{bucket.name}/{part.name}"], address]):
        copy = f"{dataset}.copy{number}"
        warehouse.load_table_from_uri(source, copy, job_config=load).result()
        assert warehouse.get_table(copy).num_rows == 2


def test_a_wildcard_takes_all_its_objects_and_no_other(warehouse, dataset, bucket):
    for name in ["part ä%20+1", "part &2", "other"]:
        content = parquet(pa.table({"a": [name]}))
        bucket.blob(f"in/{name}.parquet").upload_from_file(content)
    config = bigquery.LoadJobConfig(source_format="PARQUET")
    address = f"gs://{bucket.name}/in/part *.parquet"
    warehouse.load_table_from_uri(address, f"{dataset}.w", job_config=config).result()
    rows = read_arrow(warehouse.query(f"SELECT a FROM {dataset}.w ORDER BY a").result())
    assert rows.to_pydict() == {"a": ["part &2", "part ä%20+1"]}


def test_many_rows_come_in_one_arrow_table(warehouse):
    rows = warehouse.query("SELECT x, x / 2 AS y FROM UNNEST(GENERATE_ARRAY(1, 20000)) AS x")
    assert sorted(read_arrow(rows.result())["x"].to_pylist()) == list(range(1, 20001))


def test_what_is_wrong_is_refused(warehouse, dataset):
    with pytest.raises(BadRequest, match="nonsense"):
        warehouse.query("SELECT nonsense FROM UNNEST([1]) AS x").result()
    with pytest.raises(NotFound):
        warehouse.get_table(f"{dataset}.nothing")
    with pytest.raises(NotFound):
        warehouse.query(f"SELECT * FROM {dataset}.nothing").result()
