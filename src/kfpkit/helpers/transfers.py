"""Transfers of tables between BigQuery and Parquet, directly or through Cloud Storage."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
from google.cloud import bigquery

from kfpkit.helpers.bigquery import TableName


def extract_to_storage(client: bigquery.Client, name: TableName, uri: str) -> None:
    """Have BigQuery write a table as Parquet files under a `gs://` address, in parallel.

    Args:
        client: The client.
        name: The table.
        uri: The folder. Its files get the names `part-000000000000.parquet` and so on.
    """
    job = client.extract_table(
        bigquery.TableReference.from_string(str(name)),
        f"{uri}/part-*.parquet",
        job_config=bigquery.ExtractJobConfig(
            destination_format=bigquery.DestinationFormat.PARQUET,
            compression=bigquery.Compression.SNAPPY,
        ),
    )
    job.result()


def extract_to_file(client: bigquery.Client, name: TableName, path: str) -> None:
    """Read the rows of a table over the API into one Parquet file, a batch at a time."""
    rows = client.list_rows(client.get_table(str(name)))
    batches = rows.to_arrow_iterable()
    first = next(iter(batches), None)
    if first is None:
        pq.write_table(rows.to_arrow(create_bqstorage_client=False), path)
        return
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def load_from_storage(client: bigquery.Client, uri: str, mounted: str, name: TableName) -> None:
    """Have BigQuery replace a table with Parquet files under a `gs://` address.

    Args:
        client: The client.
        uri: The file or folder.
        mounted: Its path in the task.
        name: The table.
    """
    folder = Path(mounted)
    uris = [f"{uri}/{file.name}" for file in _files(folder)] if folder.is_dir() else [uri]
    client.load_table_from_uri(uris, str(name), job_config=_replacing()).result()


def load_from_file(client: bigquery.Client, path: str, name: TableName) -> None:
    """Replace a table with Parquet files over the API, in one step.

    Args:
        client: The client.
        path: A Parquet file, or a folder of them.
        name: The table.
    """
    if not Path(path).is_dir():
        _send(client, Path(path), name)
        return
    with tempfile.TemporaryDirectory() as folder:
        # One load job replaces the table as a whole or not at all; one for each file would not.
        joined = Path(folder) / "joined.parquet"
        parts = ds.dataset([str(file) for file in _files(Path(path))], format="parquet")
        with pq.ParquetWriter(joined, parts.schema) as writer:
            for batch in parts.to_batches():
                writer.write_batch(batch)
        _send(client, joined, name)


def _send(client: bigquery.Client, file: Path, name: TableName) -> None:
    with file.open("rb") as content:
        client.load_table_from_file(content, str(name), job_config=_replacing()).result()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def _replacing() -> bigquery.LoadJobConfig:
    return bigquery.LoadJobConfig(
        source_format=bigquery.SourceFormat.PARQUET,
        write_disposition=bigquery.WriteDisposition.WRITE_TRUNCATE,
    )
