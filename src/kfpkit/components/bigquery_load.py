"""`bigquery_load`: load files into a BigQuery table."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class LoadedTable(NamedTuple):
    """The table that was written.

    Args:
        name: The full name, `project.dataset.table`.
        rows: The number of rows in the table.
    """

    name: str
    rows: int


@kfpkit.component(environment="gcp")
def bigquery_load(
    data: dsl.Input[dsl.Dataset],
    destination: str,
    table: dsl.Output[dsl.Artifact],
    format: str = "parquet",  # noqa: A002 - what authors call it
    write_mode: str = "replace",
    types: dict[str, str] = {},  # noqa: B006 - KFP's defaults are constants; nothing here changes it
    partition: str = "",
    cluster: list[str] = [],  # noqa: B006 - as above
    project: str = "",
    location: str = "",
) -> LoadedTable:
    """Load Parquet, CSV or JSON Lines into a BigQuery table.

    By default, the table is replaced, so a second run with the same data gives the same table. The
    table changes as a whole or not at all.

    Args:
        data: The rows: a file, or a folder of files with the same columns, which end with
            `.parquet`, `.csv` or `.jsonl`. To load files that no task has written, import their
            `gs://` address with `dsl.importer`.
        destination: The table to write, as `dataset.table` or `project.dataset.table`. The
            dataset is created if it does not exist.
        format: `parquet`, `csv` with a header, or `jsonl` (JSON Lines).
        write_mode: What becomes of the rows of an existing table: `replace` them, `append` to
            them (a retried task appends again), or `empty`, which fails if there are rows.
        types: The type of every column, in the order of the file, such as `{"id": "INT64", "tags":
            "ARRAY<STRING>"}`. If empty, Parquet's own types; for CSV and JSON Lines, BigQuery
            detects them from a sample of the rows.
        partition: The column by which the table is partitioned: dates or times by day, by another
            unit (`created:MONTH`), or integers (`customer:0:1000:10`: start, end, step).
        cluster: Up to four columns by which the table is clustered.
        project: The Google Cloud project that runs the job. If empty, the client's default
            project.
        location: The dataset's location, such as `EU`. If empty, BigQuery detects it.

    Returns:
        table: The table. Metadata: `projectId`, `datasetId`, `tableId` and `rows`.
        name: The table's full name, `project.dataset.table`.
        rows: The number of rows in the table.

    Raises:
        ValueError: The destination, format, write mode or partition is not valid, or the folder has
            no file of the format.
        google.api_core.exceptions.BadRequest: BigQuery rejected the files.
    """
    from kfpkit.helpers.bigquery import require_dataset, table_name
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.table_options import load_options
    from kfpkit.helpers.transfers import file_format, load_from_file, load_from_storage

    client = bigquery_client(project or None, location or None)
    name, read = table_name(destination, client.project), file_format(format)
    options = load_options(write_mode, types, partition, cluster)
    config = read.load_config(options, detects=not types)
    require_dataset(client, name)
    if data.uri.startswith("gs://"):
        load_from_storage(client, data.uri, data.path, name, config, read)
    else:
        load_from_file(client, data.path, name, config, read)
    rows = client.get_table(str(name)).num_rows
    table.uri = name.uri
    table.metadata = {**name.metadata, "rows": rows}
    return LoadedTable(name=str(name), rows=rows)
