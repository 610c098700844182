"""`bigquery_load`: Parquet as a BigQuery table."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class LoadedTable(NamedTuple):
    """What was written.

    Args:
        name: The table, `project.dataset.table`.
        rows: How many rows it holds.
    """

    name: str
    rows: int


@kfpkit.component(environment="gcp")
def bigquery_load(
    data: dsl.Input[dsl.Dataset],
    destination: str,
    table: dsl.Output[dsl.Artifact],
    project: str = "",
    location: str = "",
) -> LoadedTable:
    """Write Parquet into a BigQuery table, which is replaced: once or twice is the same.

    Args:
        data: The rows: a Parquet file, or a folder of Parquet files with the same columns.
        destination: The table to write, `dataset.table` or `project.dataset.table`. A missing
            dataset is made.
        project: The Google Cloud project that runs the job; the surroundings' project if empty.
        location: The dataset's location, such as `EU`; found by BigQuery if empty.

    Returns:
        table: The table, with `projectId`, `datasetId`, `tableId` and `rows` as metadata.
        name: The table's full name, `project.dataset.table`.
        rows: How many rows it holds.

    Raises:
        ValueError: The destination is no table's name.
        google.api_core.exceptions.BadRequest: BigQuery refuses the files.
    """
    from kfpkit.helpers.bigquery import require_dataset, table_name
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.transfers import load_from_file, load_from_storage

    client = bigquery_client(project or None, location or None)
    name = table_name(destination, client.project)
    require_dataset(client, name)
    if data.uri.startswith("gs://"):
        load_from_storage(client, data.uri, data.path, name)
    else:
        load_from_file(client, data.path, name)
    rows = client.get_table(str(name)).num_rows
    table.uri = name.uri
    table.metadata = {**name.metadata, "rows": rows}
    return LoadedTable(name=str(name), rows=rows)
