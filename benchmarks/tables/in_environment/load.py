"""Loads the files of a folder into a table of BigQuery, and makes a bucket.

load.py FOLDER DATASET.TABLE BUCKET
"""

from __future__ import annotations

import sys
from pathlib import Path

from google.cloud import bigquery, storage


def main(folder: str, table: str, bucket: str) -> None:
    """Load each file."""
    client = bigquery.Client()
    client.create_dataset(table.partition(".")[0], exists_ok=True)
    config = bigquery.LoadJobConfig(source_format=bigquery.SourceFormat.PARQUET)
    for file in sorted(Path(folder).glob("*.parquet")):
        with file.open("rb") as content:
            client.load_table_from_file(content, table, job_config=config).result()
    places = storage.Client()
    if not places.bucket(bucket).exists():
        places.create_bucket(bucket)


main(*sys.argv[1:])
