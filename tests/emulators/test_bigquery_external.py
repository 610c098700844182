"""External tables of the BigQuery emulator: files that are read when they are queried."""

from __future__ import annotations

import pytest
from google.api_core.exceptions import BadRequest, Conflict, MethodNotImplemented, NotFound
from google.cloud import bigquery

pytestmark = pytest.mark.slow

SCHEMA = [bigquery.SchemaField("x", "INTEGER"), bigquery.SchemaField("y", "STRING")]


def values(warehouse, query, **options):
    config = bigquery.QueryJobConfig(**options)
    return [row.values() for row in warehouse.query(query, job_config=config).result()]


def definition(bucket, kind="CSV", names="in/*.csv", **options) -> bigquery.ExternalConfig:
    config = bigquery.ExternalConfig(kind)
    config.source_uris = [f"gs://{bucket.name}/{names}"]
    for name, value in options.items():
        setattr(config, name, value)
    return config


@pytest.fixture
def files(bucket):
    bucket.blob("in/a.csv").upload_from_string("1,a\n")
    bucket.blob("in/deep/b.csv").upload_from_string("2,b\n")
    return bucket


@pytest.fixture
def external(warehouse, dataset, files) -> str:
    table = bigquery.Table(f"{warehouse.project}.{dataset}.ext", schema=SCHEMA)
    table.external_data_configuration = definition(files)
    assert warehouse.create_table(table).table_type == "EXTERNAL"
    return f"{dataset}.ext"


def test_a_query_reads_the_files_as_they_are_then(warehouse, files, external):
    query = f"SELECT e.x, y FROM {external} AS e ORDER BY x"
    assert values(warehouse, query) == [(1, "a"), (2, "b")]

    files.blob("in/c.csv").upload_from_string("3,c\n")

    assert values(warehouse, query)[2:] == [(3, "c")]
    assert warehouse.get_table(external).schema == SCHEMA


def test_an_external_table_is_joined_and_written_into_another(warehouse, dataset, external):
    query = (
        f"CREATE TABLE {dataset}.copy AS "
        f"WITH a AS (SELECT * FROM `{external}`) "
        f"SELECT a.x, b.y FROM a JOIN {external} AS b USING (x)"
    )
    values(warehouse, query)
    assert values(warehouse, f"SELECT * FROM {dataset}.copy ORDER BY x") == [(1, "a"), (2, "b")]


def test_a_query_brings_its_own_definition(warehouse, files):
    table = definition(files, schema=SCHEMA)
    rows = values(warehouse, "SELECT y FROM files WHERE x = 2", table_definitions={"files": table})
    assert rows == [("b",)]


def test_options_of_the_format_are_kept(warehouse, bucket):
    bucket.blob("in/a.csv").upload_from_string("x;y\n1;none\n")
    table = definition(bucket, schema=SCHEMA)
    table.csv_options.skip_leading_rows = 1
    table.csv_options.field_delimiter = ";"
    assert values(warehouse, "SELECT * FROM t", table_definitions={"t": table}) == [(1, "none")]


@pytest.mark.parametrize("kind", ["PARQUET", "AVRO", "NEWLINE_DELIMITED_JSON"])
def test_other_formats_bring_or_get_their_schema(warehouse, dataset, external, bucket, kind):
    name = f"{dataset}.source"
    values(warehouse, f"CREATE TABLE {name} AS SELECT * FROM {external}")
    config = bigquery.ExtractJobConfig(destination_format=kind)
    warehouse.extract_table(name, f"gs://{bucket.name}/out/part-*", job_config=config).result()
    table = bigquery.Table(f"{warehouse.project}.{dataset}.other")
    table.external_data_configuration = definition(bucket, kind, "out/*", autodetect=True)

    created = warehouse.create_table(table)

    assert [(field.name, field.field_type) for field in created.schema] == [
        ("x", "INTEGER"),
        ("y", "STRING"),
    ]
    assert values(warehouse, f"SELECT SUM(x) FROM {dataset}.other") == [(3,)]


def test_it_can_only_be_queried(warehouse, dataset, external, bucket):
    refused = "external table, which can only be queried"
    with pytest.raises(BadRequest, match=refused):
        list(warehouse.list_rows(warehouse.get_table(external)))
    with pytest.raises(BadRequest, match=refused):
        warehouse.load_table_from_json([{"x": 1}], external).result()
    with pytest.raises(BadRequest, match=refused):
        values(warehouse, f"DELETE FROM {external} WHERE TRUE")
    with pytest.raises(BadRequest, match=refused):
        warehouse.extract_table(external, f"gs://{bucket.name}/out.csv").result()
    with pytest.raises(Conflict):
        values(warehouse, f"CREATE TABLE {external} (x INT64)")
    with pytest.raises(MethodNotImplemented, match="A view of an external table: not emulated"):
        values(warehouse, f"CREATE VIEW {dataset}.v AS SELECT * FROM {external}")
    warehouse.delete_table(external)
    with pytest.raises(NotFound):
        values(warehouse, f"SELECT * FROM {external}")


@pytest.mark.parametrize("kind", ["JSON", "NEWLINE_DELIMITED_JSON"])
def test_a_statement_names_a_format_of_json_in_both_ways(warehouse, dataset, bucket, kind):
    bucket.blob("in/a.json").upload_from_string('{"x": 1}\n{"x": 2}\n')
    options = f"format = '{kind}', uris = ['gs://{bucket.name}/in/*.json']"
    values(warehouse, f"CREATE EXTERNAL TABLE {dataset}.e (x INT64) OPTIONS ({options})")
    assert values(warehouse, f"SELECT x FROM {dataset}.e ORDER BY x") == [(1,), (2,)]


def test_it_stays_where_a_table_is_made_only_if_there_is_none(warehouse, dataset, external):
    make = f"CREATE TABLE IF NOT EXISTS {external} AS SELECT x FROM {external}"
    values(warehouse, make)
    assert warehouse.get_table(external).table_type == "EXTERNAL"
    assert values(warehouse, f"SELECT * FROM {external} ORDER BY x") == [(1, "a"), (2, "b")]


def test_a_table_of_its_rows_may_replace_it(warehouse, external):
    values(warehouse, f"CREATE OR REPLACE TABLE {external} AS SELECT x FROM {external}")
    assert warehouse.get_table(external).table_type == "TABLE"
    assert values(warehouse, f"SELECT * FROM {external} ORDER BY x") == [(1,), (2,)]


def test_what_does_not_fit_is_an_error(warehouse, files):
    files.blob("in/bad.csv").upload_from_string("no number,c\n")
    config = {"table_definitions": {"t": definition(files, schema=SCHEMA)}}
    with pytest.raises(BadRequest, match="does not fit the type"):
        values(warehouse, "SELECT * FROM t", **config)
    with pytest.raises(BadRequest, match="No schema specified"):
        values(warehouse, "SELECT * FROM t", table_definitions={"t": definition(files)})
    missing = definition(files, names="nowhere/*", schema=SCHEMA)
    with pytest.raises(NotFound, match="Not found: Uris"):
        values(warehouse, "SELECT * FROM t", table_definitions={"t": missing})


def test_other_sources_and_statements_are_refused(warehouse, dataset, bucket):
    sheet = bigquery.ExternalConfig("GOOGLE_SHEETS")
    sheet.source_uris = ["https://docs.google.com/spreadsheets/d/1"]
    with pytest.raises(MethodNotImplemented, match=r"`GOOGLE_SHEETS`: not emulated\. Load"):
        values(warehouse, "SELECT * FROM t", table_definitions={"t": sheet})
    options = f"OPTIONS (format = 'CSV', uris = ['gs://{bucket.name}/*'])"
    statement = f"CREATE EXTERNAL TABLE {dataset}.e WITH PARTITION COLUMNS {options}"
    with pytest.raises(MethodNotImplemented, match=r"in this form: not emulated.*ExternalConfig"):
        values(warehouse, statement)
    unknown = f"CREATE EXTERNAL TABLE {dataset}.e {options[:-1]}, reference_file_schema_uri = 'x')"
    with pytest.raises(MethodNotImplemented, match="`reference_file_schema_uri` of an external"):
        values(warehouse, unknown)


def test_statements_create_and_drop_it(warehouse, dataset, files):
    name = f"{dataset}.e"
    options = f"format = 'CSV', uris = ['gs://{files.name}/in/*.csv']"
    values(warehouse, f"CREATE EXTERNAL TABLE {name} (x INT64, y STRING) OPTIONS ({options})")
    assert warehouse.get_table(name).schema == SCHEMA
    assert values(warehouse, f"SELECT SUM(x) FROM {name}") == [(3,)]
    with pytest.raises(Conflict):
        values(warehouse, f"CREATE EXTERNAL TABLE {name} OPTIONS ({options})")
    values(warehouse, f"CREATE EXTERNAL TABLE IF NOT EXISTS {name} OPTIONS ({options})")
    more = f"{options}, skip_leading_rows = 1, max_bad_records = 2"
    columns = "(a INT64, b STRING)"
    values(warehouse, f"CREATE OR REPLACE EXTERNAL TABLE {name} {columns} OPTIONS ({more})")
    assert values(warehouse, f"SELECT a, b FROM {name}") == []
    with pytest.raises(BadRequest, match="requires `DROP EXTERNAL TABLE`"):
        values(warehouse, f"DROP TABLE {name}")
    values(warehouse, f"DROP EXTERNAL TABLE `{name}`")
    values(warehouse, f"DROP EXTERNAL TABLE IF EXISTS {name}")
    with pytest.raises(NotFound):
        values(warehouse, f"DROP EXTERNAL TABLE {name}")
    values(warehouse, f"CREATE TABLE {name} (x INT64)")
    with pytest.raises(BadRequest, match="is not an external table"):
        values(warehouse, f"DROP EXTERNAL TABLE {name}")
