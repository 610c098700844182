"""`bigquery_load`: load Parquet into a BigQuery table."""

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
    project: str = "",
    location: str = "",
) -> LoadedTable:
    """Load Parquet into a BigQuery table, replacing the table if it exists.

    The component is idempotent: a second run with the same data gives the same table.

    Args:
        data: The rows: a Parquet file, or a folder of Parquet files with the same columns.
        destination: The table to write, as `dataset.table` or `project.dataset.table`. The
            dataset is created if it does not exist.
        project: The Google Cloud project that runs the job. If empty, the client's default
            project.
        location: The dataset's location, such as `EU`. If empty, BigQuery detects it.

    Returns:
        table: The table. Metadata: `projectId`, `datasetId`, `tableId` and `rows`.
        name: The table's full name, `project.dataset.table`.
        rows: The number of rows in the table.

    Raises:
        ValueError: The destination is not a valid table name.
        google.api_core.exceptions.BadRequest: BigQuery rejected the files.
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
