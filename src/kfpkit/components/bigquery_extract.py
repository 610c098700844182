"""`bigquery_extract`: a BigQuery table as Parquet."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def bigquery_extract(
    table: dsl.Input[dsl.Artifact],
    data: dsl.Output[dsl.Dataset],
    project: str = "",
    location: str = "",
) -> None:
    """Copy a BigQuery table to Parquet.

    Where the pipeline keeps its artifacts in Cloud Storage, BigQuery writes the files itself, in
    parallel; elsewhere the rows come through the API, a batch at a time.

    Args:
        table: The table, an artifact with `projectId`, `datasetId` and `tableId` as metadata.
        project: The Google Cloud project that runs the job; the surroundings' project if empty.
        location: The table's location, such as `EU`; found by BigQuery if empty.

    Returns:
        data: The table's rows in no particular order: a folder of Parquet files if BigQuery wrote
            them, else one Parquet file. The metadata names the table and has `rows`.

    Raises:
        ValueError: The artifact is no BigQuery table.
        google.api_core.exceptions.NotFound: The table does not exist.
    """
    from kfpkit.helpers.bigquery import table_name_of
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.transfers import extract_to_file, extract_to_storage

    name = table_name_of(table.metadata)
    client = bigquery_client(project or None, location or None)
    if data.uri.startswith("gs://"):
        extract_to_storage(client, name, data.uri)
    else:
        extract_to_file(client, name, data.path)
    data.metadata = {**name.metadata, "rows": client.get_table(str(name)).num_rows}
