"""`bigquery_query`: a query's result as a table."""

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
    """Run a query in BigQuery and keep its result as a table, which is replaced.

    Args:
        query: GoogleSQL, one SELECT statement. Table names without a dataset belong to the
            destination's dataset.
        destination: The table to write, `dataset.table` or `project.dataset.table`. A missing
            dataset is made.
        parameters: A value for each `@name` in the query. Types are inferred (BOOL, INT64,
            FLOAT64, STRING, and ARRAY of these from a list), or stand beside the value:
            `{"since": {"type": "DATE", "value": "2024-05-01"}}`. KFP hands 5.0 over as 5; write
            `{"type": "FLOAT64", "value": 5}` where the query divides by it.
        project: The Google Cloud project that runs the query and is billed; the surroundings'
            project if empty.
        location: Where the query runs, such as `EU`; the dataset's location if empty.

    Returns:
        table: The table. Its metadata has `projectId`, `datasetId`, `tableId`, `rows`, `bytes`
            (size of the table, in bytes), `bytesProcessed` (what the query is billed by) and
            `jobId`.

    Raises:
        ValueError: A parameter's type cannot be inferred, or the destination is no table's name.
        google.api_core.exceptions.BadRequest: BigQuery refuses the query.
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
