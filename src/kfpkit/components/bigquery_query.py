"""`bigquery_query`: save a query's result as a table."""

from typing import Any

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def bigquery_query(
    query: str,
    destination: str,
    table: dsl.Output[dsl.Artifact],
    parameters: dict[str, Any] = {},  # noqa: B006 - KFP's defaults are constants; nothing here changes it
    project: str = "",
    location: str = "",
) -> None:
    """Run a query in BigQuery and save its result as a table, replacing the table if it exists.

    Args:
        query: A single SELECT statement in GoogleSQL. Table names without a dataset refer to the
            destination's dataset.
        destination: The table to write, as `dataset.table` or `project.dataset.table`. The
            dataset is created if it does not exist.
        parameters: A value for each `@name` in the query. Types are inferred (BOOL, INT64,
            FLOAT64, STRING, or an ARRAY of these from a list) or declared with the value:
            `{"since": {"type": "DATE", "value": "2024-05-01"}}`. KFP passes 5.0 as 5. If the
            query divides by a parameter, write `{"type": "FLOAT64", "value": 5}`.
        project: The Google Cloud project that runs the query and is billed for it. If empty, the
            client's default project.
        location: The location where the query runs, such as `EU`. If empty, the dataset's
            location.

    Returns:
        table: The table. Metadata: `projectId`, `datasetId`, `tableId`, `rows`, `bytes` (size of
            the table, in bytes), `bytesProcessed` (the bytes that the query read, on which its
            price is based) and `jobId`.

    Raises:
        ValueError: A parameter's type cannot be inferred, or the destination is not a valid table
            name.
        google.api_core.exceptions.BadRequest: BigQuery rejected the query.
    """
    from google.cloud import bigquery

    from kfpkit.helpers.bigquery import query_parameters, require_dataset, table_name
    from kfpkit.helpers.clients import bigquery_client

    client = bigquery_client(project or None, location or None)
    name = table_name(destination, client.project)
    require_dataset(client, name)
    job = client.query(
        query,
        job_config=bigquery.QueryJobConfig(
            default_dataset=name.dataset_reference,
            destination=bigquery.TableReference(name.dataset_reference, name.table),
            query_parameters=query_parameters(parameters),
            write_disposition=bigquery.WriteDisposition.WRITE_TRUNCATE,
        ),
    )
    job.result()
    written = client.get_table(str(name))
    table.uri = name.uri
    table.metadata = {
        **name.metadata,
        "rows": written.num_rows,
        "bytes": written.num_bytes,
        "bytesProcessed": job.total_bytes_processed,
        "jobId": job.job_id,
    }
