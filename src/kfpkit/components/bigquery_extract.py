"""`bigquery_extract`: copy a BigQuery table to Parquet."""

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

    If the pipeline stores its artifacts in Cloud Storage, BigQuery writes the files directly, in
    parallel. Otherwise, the component downloads the rows through the API, one batch at a time.

    Args:
        table: The table to copy: an artifact with `projectId`, `datasetId` and `tableId` in its
            metadata.
        project: The Google Cloud project that runs the job. If empty, the client's default
            project.
        location: The table's location, such as `EU`. If empty, BigQuery detects it.

    Returns:
        data: The table's rows, in no particular order: a folder of Parquet files if BigQuery wrote
            them, otherwise a single Parquet file. Metadata: the name of the table and `rows`.

    Raises:
        ValueError: The artifact does not describe a BigQuery table.
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
