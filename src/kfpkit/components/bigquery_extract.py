"""`bigquery_extract`: copy a BigQuery table to files."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def bigquery_extract(
    table: dsl.Input[dsl.Artifact],
    data: dsl.Output[dsl.Dataset],
    format: str = "parquet",  # noqa: A002 - what authors call it
    destination: str = "",
    project: str = "",
    location: str = "",
) -> None:
    """Copy a BigQuery table to Parquet, CSV or JSON Lines.

    If the pipeline stores its artifacts in Cloud Storage, or with a destination, BigQuery writes
    the files directly, in parallel, as several files if the table is large. Otherwise, the
    component downloads the rows through the API, one batch at a time.

    Args:
        table: The table to copy: an artifact with `projectId`, `datasetId` and `tableId` in its
            metadata.
        format: `parquet`, which the other components read, `csv` with a header, or `jsonl` (JSON
            Lines).
        destination: A folder in Cloud Storage, such as `gs://bucket/folder`, instead of the
            pipeline's own. Its files with the same names are replaced.
        project: The Google Cloud project that runs the job. If empty, the client's default
            project.
        location: The table's location, such as `EU`. If empty, BigQuery detects it.

    Returns:
        data: The table's rows, in no particular order: a folder of files if BigQuery wrote them,
            otherwise a single file. Metadata: the name of the table, `rows` and `format`.

    Raises:
        ValueError: The artifact does not describe a BigQuery table, the format does not exist, or
            the destination is not in Cloud Storage.
        google.api_core.exceptions.NotFound: The table does not exist.
    """
    from kfpkit.helpers.bigquery import table_name_of
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.transfers import (
        extract_to_file,
        extract_to_storage,
        file_format,
        require_storage,
    )

    name, written = table_name_of(table.metadata), file_format(format)
    client = bigquery_client(project or None, location or None)
    if destination:
        data.uri = require_storage(destination)
    if data.uri.startswith("gs://"):
        extract_to_storage(client, name, data.uri, written)
    else:
        extract_to_file(client, name, data.path, written)
    rows = client.get_table(str(name)).num_rows
    data.metadata = {**name.metadata, "rows": rows, "format": format}
