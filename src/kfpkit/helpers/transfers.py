"""Transfers of tables between BigQuery and files, directly or through Cloud Storage."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
from google.cloud import bigquery

from kfpkit.helpers.bigquery import TableName
from kfpkit.helpers.tables import open_table, writing_table


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of files that BigQuery reads and writes.

    Args:
        name: Its name in BigQuery, which is the same for reading and writing.
        suffix: How the names of its files end.
        options: The options of a load job for files of this format.
    """

    name: str
    suffix: str
    options: dict[str, Any]

    def load_config(self, options: Mapping[str, Any], *, detects: bool) -> bigquery.LoadJobConfig:
        """Return how files of this format are loaded.

        Args:
            options: What becomes of the table.
            detects: Whether BigQuery detects the types, unless the files have them.
        """
        is_typed = self.name == bigquery.SourceFormat.PARQUET
        return bigquery.LoadJobConfig(
            source_format=self.name,
            autodetect=None if is_typed else detects,
            **self.options,
            **options,
        )


_FORMATS = {
    "parquet": Format(name="PARQUET", suffix=".parquet", options={}),
    "csv": Format(
        name="CSV",
        suffix=".csv",
        options={"skip_leading_rows": 1, "allow_quoted_newlines": True},
    ),
    "jsonl": Format(name="NEWLINE_DELIMITED_JSON", suffix=".jsonl", options={}),
}


def file_format(name: str) -> Format:
    """Return a format by its name.

    Raises:
        ValueError: The name is neither `parquet`, `csv` nor `jsonl`.
    """
    if name not in _FORMATS:
        raise ValueError(
            f"The format `{name}` does not exist. Choose `parquet`, `csv` or `jsonl` (JSON Lines)."
        )
    return _FORMATS[name]


def require_storage(uri: str) -> str:
    """Return an address of a folder in Cloud Storage without a slash at its end.

    Raises:
        ValueError: The address is another one.
    """
    if not uri.startswith("gs://"):
        raise ValueError(
            f"BigQuery can't write to `{uri}`. Give a folder in Cloud Storage, such as "
            "`gs://bucket/folder`."
        )
    return uri.rstrip("/")


def extract_to_storage(client: bigquery.Client, name: TableName, uri: str, written: Format) -> None:
    """Have BigQuery write a table as files under a `gs://` address, in parallel.

    Args:
        client: The client.
        name: The table.
        uri: The folder. Its files get the names `part-000000000000.parquet` and so on.
        written: The format of the files.
    """
    config = bigquery.ExtractJobConfig(destination_format=written.name)
    if written.name == bigquery.DestinationFormat.PARQUET:
        config.compression = bigquery.Compression.SNAPPY
    pattern = f"{uri.rstrip('/')}/part-*{written.suffix}"
    client.extract_table(name.reference, pattern, job_config=config).result()


def extract_to_file(client: bigquery.Client, name: TableName, path: str, written: Format) -> None:
    """Read the rows of a table over the API into one file, a batch at a time."""
    rows = client.list_rows(client.get_table(str(name)))
    batches = rows.to_arrow_iterable()
    first = next(batches, None)
    if first is None:
        schema = rows.to_arrow(create_bqstorage_client=False).schema
        first = pa.RecordBatch.from_pylist([], schema)
    every = itertools.chain([first], batches)
    if written.suffix == ".jsonl":
        _write_json_lines(every, path)
    elif written.suffix == ".csv":
        with arrow_csv.CSVWriter(path, first.schema) as writer:
            for batch in every:
                writer.write_batch(batch)
    else:
        with writing_table(path, first.schema) as table:
            for batch in every:
                table.write(batch)


def load_from_storage(
    client: bigquery.Client,
    uri: str,
    mounted: str,
    name: TableName,
    config: bigquery.LoadJobConfig,
    read: Format,
) -> None:
    """Have BigQuery load files under a `gs://` address into a table.

    Args:
        client: The client.
        uri: The file or folder.
        mounted: Its path in the task.
        name: The table.
        config: What becomes of the table.
        read: The format of the files.
    """
    folder = Path(mounted)
    uris = [uri]
    if folder.is_dir():
        uris = [f"{uri}/{file.name}" for file in _files(folder, read)]
    client.load_table_from_uri(uris, str(name), job_config=config).result()


def load_from_file(
    client: bigquery.Client,
    path: str,
    name: TableName,
    config: bigquery.LoadJobConfig,
    read: Format,
) -> None:
    """Load files into a table over the API, in one step.

    One load job changes the table as a whole or not at all; one for each file would not.

    Args:
        client: The client.
        path: A file, or a folder of files.
        name: The table.
        config: What becomes of the table.
        read: The format of the files.
    """
    if not Path(path).is_dir():
        _send(client, Path(path), name, config)
        return
    with tempfile.TemporaryDirectory() as folder:
        joined = Path(folder) / "joined"
        if read.suffix == ".parquet":
            table = open_table(path)
            with writing_table(str(joined), table.schema) as writer:
                for batch in table.batches():
                    writer.write(batch)
        else:
            _join_lines(_files(Path(path), read), joined, header=read.suffix == ".csv")
        _send(client, joined, name, config)


def _write_json_lines(batches: Iterable[pa.RecordBatch], path: str) -> None:
    with Path(path).open("w", encoding="utf-8") as file:
        for batch in batches:
            rows = batch.to_pylist()
            lines = (json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in rows)
            file.writelines(lines)


def _join_lines(files: list[Path], joined: Path, *, header: bool) -> None:
    """Write text files one after another, with the header of the first only."""
    with joined.open("wb") as target:
        for number, file in enumerate(files):
            with file.open("rb") as content:
                if header and number:
                    content.readline()
                for line in content:
                    target.write(line if line.endswith(b"\n") else line + b"\n")


def _send(
    client: bigquery.Client, file: Path, name: TableName, config: bigquery.LoadJobConfig
) -> None:
    with file.open("rb") as content:
        client.load_table_from_file(content, str(name), job_config=config).result()


def _files(folder: Path, read: Format) -> list[Path]:
    files = sorted(folder.glob(f"*{read.suffix}"))
    if not files:
        raise ValueError(
            f"The folder `{folder}` contains no file that ends with `{read.suffix}`. Name the "
            "format of its files with `format`."
        )
    return files
