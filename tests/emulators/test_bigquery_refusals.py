"""What the BigQuery emulator once answered wrongly: right, or refused with what to do."""

from __future__ import annotations

import pytest
from google.api_core.exceptions import BadRequest, MethodNotImplemented
from google.cloud import bigquery

pytestmark = pytest.mark.slow

MEBIBYTE = 2**20


@pytest.fixture
def name(warehouse, dataset) -> str:
    name = f"{dataset}.t"
    warehouse.query_and_wait(f"CREATE TABLE {name} AS SELECT 1 AS a, 'x' AS b")
    return name


def rows(warehouse, query, **options):
    config = bigquery.QueryJobConfig(**options)
    return sorted(row.values() for row in warehouse.query(query, job_config=config).result())


def merge(warehouse, name, clauses):
    source = "SELECT 1 AS a, 'y' AS b UNION ALL SELECT 2, 'z'"
    warehouse.query_and_wait(f"MERGE {name} AS t USING ({source}) AS s ON t.a = s.a {clauses}")
    return rows(warehouse, f"SELECT * FROM {name}")


def test_a_merge_inserts_values_without_columns(warehouse, name):
    clauses = "WHEN NOT MATCHED THEN INSERT VALUES (s.a, CONCAT(s.b, (SELECT '!')))"
    assert merge(warehouse, name, clauses) == [(1, "x"), (2, "z!")]


def test_a_merge_has_clauses_of_all_kinds(warehouse, name):
    clauses = (
        "WHEN MATCHED AND s.b = 'never' THEN DELETE WHEN MATCHED THEN UPDATE SET b = s.b "
        "WHEN NOT MATCHED BY TARGET AND s.a > 5 THEN INSERT (b, a) VALUES (b, a) "
        "WHEN NOT MATCHED THEN INSERT ROW"
    )
    assert merge(warehouse, name, clauses) == [(1, "y"), (2, "z")]


def test_a_merge_with_too_few_values_is_an_error(warehouse, name):
    with pytest.raises(BadRequest):
        merge(warehouse, name, "WHEN NOT MATCHED THEN INSERT VALUES (s.a)")
    assert rows(warehouse, f"SELECT * FROM {name}") == [(1, "x")]


def test_row_access_policies_are_refused(warehouse, name):
    policy = f"ROW ACCESS POLICY p ON {name} GRANT TO ('user:a@example.com') FILTER USING (a = 2)"
    for statement in (f"CREATE {policy}", f"CREATE OR REPLACE {policy}"):
        with pytest.raises(
            MethodNotImplemented, match=r"Row access policies: not emulated\. .*view"
        ):
            warehouse.query_and_wait(statement)
    assert rows(warehouse, f"SELECT * FROM {name}") == [(1, "x")]


def test_a_limit_above_the_whole_tables_is_kept(warehouse, name):
    query = f"SELECT a FROM {name}"
    assert rows(warehouse, query, maximum_bytes_billed=10 * MEBIBYTE) == [(1,)]
    assert rows(warehouse, "SELECT 1", maximum_bytes_billed=1) == [(1,)]


def test_a_limit_that_might_be_exceeded_is_refused(warehouse, dataset, name):
    warehouse.query_and_wait(f"CREATE VIEW {dataset}.v AS SELECT * FROM {name}")
    warehouse.query_and_wait(
        f"CREATE TABLE {dataset}.big AS SELECT REPEAT('ä', {MEBIBYTE}) AS s, [1, 2] AS l "
        "FROM UNNEST(GENERATE_ARRAY(1, 6))"
    )
    for query, least in (
        (f"SELECT a FROM {name}", 10),
        (f"SELECT a FROM {dataset}.v", 10),
        (f"SELECT a FROM {name} JOIN {dataset}.big ON TRUE", 23),
        (f"SELECT 1; SELECT a FROM {name}; SELECT b FROM {name}", 20),
        (f"UPDATE {name} SET a = 2 WHERE TRUE", 10),
    ):
        with pytest.raises(MethodNotImplemented, match=r"not emulated.* bill \d+ bytes") as raised:
            rows(warehouse, query, maximum_bytes_billed=least * MEBIBYTE - 1)
        assert f"bill {least * MEBIBYTE} bytes" in str(raised.value)
    assert rows(warehouse, f"SELECT a FROM {name}") == [(1,)]


def test_a_limit_for_external_tables_is_refused(warehouse):
    table = bigquery.ExternalConfig("CSV")
    table.autodetect = True
    table.source_uris = ["gs://b/x.csv"]
    with pytest.raises(MethodNotImplemented, match="for external tables: not emulated"):
        rows(warehouse, "SELECT * FROM t", maximum_bytes_billed=1, table_definitions={"t": table})


def test_load_data_is_refused(warehouse, dataset, name):
    statement = f"LOAD DATA INTO {name} FROM FILES (format = 'CSV', uris = ['gs://b/x.csv'])"
    with pytest.raises(MethodNotImplemented, match=r"not emulated.*load_table_from_uri"):
        warehouse.query_and_wait(statement)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM {} WHERE a = 1",
        "UPDATE {} SET b = 'y' WHERE a = 1; DELETE FROM {} WHERE a = 1",
        "MERGE {} AS t USING (SELECT 1 AS a) AS s ON t.a = s.a WHEN MATCHED THEN DELETE",
    ],
)
def test_a_table_has_the_number_of_its_rows_after_a_deletion(warehouse, dataset, name, change):
    warehouse.query_and_wait(f"INSERT INTO {name} VALUES (2, 'z'), (3, 'z')")
    warehouse.query_and_wait(change.replace("{}", name))

    described = warehouse.get_table(name)
    assert (described.num_rows, described.num_bytes) == (2, 2 * 2 * 8)
    assert rows(warehouse, f"SELECT row_count FROM {dataset}.__TABLES__") == [(2,)]
    assert warehouse.list_rows(name).total_rows == 2


def test_an_empty_table_a_view_and_a_snapshot_have_their_number_of_rows(warehouse, dataset, name):
    warehouse.query_and_wait(f"CREATE SNAPSHOT TABLE {dataset}.s CLONE {name}")
    warehouse.query_and_wait(f"DELETE FROM {name} WHERE TRUE")
    warehouse.query_and_wait(f"CREATE VIEW {dataset}.v AS SELECT * FROM {name}")

    found = {each: warehouse.get_table(f"{dataset}.{each}").num_rows for each in "tsv"}
    assert found == {"t": 0, "s": 1, "v": 0}


@pytest.mark.parametrize("when", ["", "FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()"])
def test_options_of_a_snapshot_are_refused(warehouse, dataset, name, when):
    statement = f"CREATE SNAPSHOT TABLE IF NOT EXISTS {dataset}.s CLONE {name} {when} OPTIONS ("
    with pytest.raises(MethodNotImplemented, match=r"`OPTIONS` of .* not emulated\. .*update_tab"):
        warehouse.query_and_wait(f"{statement} description = 'kept')")
    warehouse.query_and_wait(f"CREATE SNAPSHOT TABLE {dataset}.options CLONE {name}")


def test_options_that_would_have_no_effect_are_refused(warehouse, name):
    config = bigquery.LoadJobConfig(source_format="AVRO", projection_fields=["a"])
    with pytest.raises(MethodNotImplemented, match=r"`projectionFields` for .*: not emulated"):
        warehouse.load_table_from_uri("gs://b/x.avro", name, job_config=config).result()


@pytest.fixture
def load_json(warehouse, dataset):
    def load(*content, **options):
        config = bigquery.LoadJobConfig(
            schema=[bigquery.SchemaField("A", "INTEGER")],
            write_disposition="WRITE_TRUNCATE",
            **options,
        )
        name = f"{dataset}.json"
        warehouse.load_table_from_json(content, name, job_config=config).result()
        return rows(warehouse, f"SELECT A FROM {name}")

    return load


def test_fields_of_json_rows_are_found_in_any_case(load_json):
    assert load_json({"a": 1}, {"a": 2}) == [(1,), (2,)]
    with pytest.raises(MethodNotImplemented, match="in several spellings, `A` and `a`: not emul"):
        load_json({"a": 1}, {"A": 2})


def test_unknown_fields_of_json_rows_are_an_error_unless_they_are_ignored(load_json):
    content = [{"a": 1}, {"a": 2, "b": 3}]
    with pytest.raises(BadRequest, match="No such field: b"):
        load_json(*content)
    with pytest.raises(MethodNotImplemented, match=r"`max_bad_records` .*: not emulated"):
        load_json(*content, max_bad_records=1)
    assert load_json(*content, ignore_unknown_values=True) == [(1,), (2,)]
