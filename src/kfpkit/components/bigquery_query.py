"""`bigquery_query`: run a query or script, and save its result as a table."""

from typing import Any

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def bigquery_query(
    query: str,
    table: dsl.Output[dsl.Artifact],
    destination: str = "",
    parameters: dict[str, Any] = {},  # noqa: B006 - KFP's defaults are constants; nothing here changes it
    write_mode: str = "replace",
    partition: str = "",
    cluster: list[str] = [],  # noqa: B006 - as above
    labels: dict[str, str] = {},  # noqa: B006 - as above
    byte_limit: int = 0,
    project: str = "",
    location: str = "",
) -> None:
    """Run a query in BigQuery and save its result as a table.

    Without a destination, the query may also be a script, or a DDL or DML statement, such as
    CREATE TABLE or INSERT.

    Args:
        query: GoogleSQL. With a destination, a single SELECT statement, in which table names
            without a dataset refer to the destination's dataset.
        destination: The table to write, as `dataset.table` or `project.dataset.table`. The
            dataset is created if it does not exist. Empty for scripts and for DDL and DML.
        parameters: A value for each `@name` in the query. Types are inferred (BOOL, INT64,
            FLOAT64, STRING, STRUCT from an object, or an ARRAY of these from a list) or declared
            with the value: `{"since": {"type": "DATE", "value": "2024-05-01"}}`. KFP passes 5.0
            as 5. If the query divides by a parameter, write `{"type": "FLOAT64", "value": 5}`.
            Values never become part of the SQL.
        write_mode: What becomes of the rows of an existing table: `replace` them, `append` to
            them (a retried task appends again), or `empty`, which fails if there are rows.
        partition: The column by which the destination is partitioned: dates or times by day, by
            another unit (`created:MONTH`), or integers (`customer:0:1000:10`: start, end, step).
        cluster: Up to four columns by which the destination is clustered.
        labels: Labels of the job, for example for the bill.
        byte_limit: If not 0, the component asks BigQuery how many bytes the query would read, and
            refuses it above the limit, before it runs. Such a query cannot be a script.
        project: The Google Cloud project that runs the query and is billed for it. If empty, the
            client's default project.
        location: The location where the query runs, such as `EU`. If empty, the dataset's
            location.

    Returns:
        table: The destination, or the table that a DDL or DML statement has written. Metadata:
            `projectId`, `datasetId`, `tableId`, `rows`, `bytes` (size of the table, in bytes),
            `bytesProcessed` (the bytes that the query read, on which its price is based),
            `statementType`, `affectedRows` of DML, and `jobId`. A script that writes no table as
            its result has only what is known about the job.

    Raises:
        ValueError: A parameter's type cannot be inferred, the query would read more than the
            limit, or the destination, the partition or the write mode is not valid.
        google.api_core.exceptions.BadRequest: BigQuery rejected the query.
        google.api_core.exceptions.Conflict: The table has rows, and the write mode is `empty`.
    """
    from google.cloud import bigquery

    from kfpkit.helpers.bigquery import require_dataset, table_name
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.queries import describe_job, require_below_limit, written_table
    from kfpkit.helpers.query_parameters import query_parameters
    from kfpkit.helpers.table_options import destination_options

    client = bigquery_client(project or None, location or None)
    name = table_name(destination, client.project) if destination else None
    options = destination_options(name, write_mode, partition, cluster)
    config = bigquery.QueryJobConfig(
        query_parameters=query_parameters(parameters), labels=labels, **options
    )
    if byte_limit:
        require_below_limit(client, query, config, byte_limit)
    if name is not None:
        require_dataset(client, name)
    job = client.query(query, job_config=config)
    job.result()
    written = written_table(job, name)
    table.metadata = describe_job(job)
    if written is not None:
        found = client.get_table(str(written))
        table.uri = written.uri
        sizes = {"rows": found.num_rows, "bytes": found.num_bytes}
        table.metadata = {**written.metadata, **sizes, **table.metadata}
