"""The BigQuery emulator reads and writes files in Cloud Storage only, as BigQuery does."""

from __future__ import annotations

import pytest
from google.api_core.exceptions import BadRequest

from kfpkit.helpers.bigquery import table_name
from kfpkit.helpers.table_options import load_options
from kfpkit.helpers.transfers import extract_to_storage, file_format, load_from_storage

pytestmark = pytest.mark.slow
REFUSED = r"`{}.*` is not an address in Cloud Storage"
PARQUET = file_format("parquet")


def load_config():
    return PARQUET.load_config(load_options("replace", {}, "", []), detects=True)


@pytest.fixture
def name(warehouse, dataset):
    """Load a row and return its table's name."""
    name = table_name(f"{dataset}.rows", warehouse.project)
    warehouse.load_table_from_json([{"a": 1}], str(name)).result()
    return name


def test_a_local_folder_is_no_destination_of_an_extract_job(warehouse, name, tmp_path):
    for uri in (f"{tmp_path}/out", f"file://{tmp_path}/out", "s3://bucket/out", "out"):
        with pytest.raises(BadRequest, match=REFUSED.format(uri)):
            extract_to_storage(warehouse, name, uri, PARQUET)
    assert list(tmp_path.iterdir()) == []


def test_a_local_file_is_no_source_of_a_load_job(warehouse, name, tmp_path):
    file = tmp_path / "rows.parquet"
    file.write_bytes(b"")
    for uri in (str(file), f"file://{file}"):
        with pytest.raises(BadRequest, match=REFUSED.format(uri)):
            load_from_storage(warehouse, uri, str(file), name, load_config(), PARQUET)
    assert warehouse.get_table(str(name)).num_rows == 1


def test_a_statement_exports_to_no_local_file(warehouse, name, tmp_path):
    query = f"EXPORT DATA OPTIONS (uri='{tmp_path}/*.csv', format='CSV') AS SELECT * FROM `{name}`"
    with pytest.raises(BadRequest, match=REFUSED.format(tmp_path)):
        warehouse.query(query).result()
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_cloud_storage_is_written_and_read(warehouse, name, bucket):
    uri = f"gs://{bucket.name}/out"
    extract_to_storage(warehouse, name, uri, PARQUET)
    (part,) = bucket.list_blobs(prefix="out/")
    copy = table_name(f"{name.dataset}.copy", warehouse.project)
    uri = f"gs://{bucket.name}/{part.name}"
    load_from_storage(warehouse, uri, "nowhere", copy, load_config(), PARQUET)
    assert warehouse.get_table(str(copy)).num_rows == 1
