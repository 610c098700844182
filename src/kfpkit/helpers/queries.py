"""Queries in BigQuery: what they may read, and what they have written."""

from __future__ import annotations

from typing import Any

from google.cloud import bigquery

from kfpkit.helpers.bigquery import TableName


def require_below_limit(
    client: bigquery.Client, query: str, config: bigquery.QueryJobConfig, byte_limit: int
) -> int:
    """Ask BigQuery how many bytes a query would read, and refuse one above the limit.

    Args:
        client: The client.
        query: The query.
        config: How it would run.
        byte_limit: The most bytes that it may read.

    Returns:
        The estimate. It is exact for tables without clusters, otherwise an upper bound. The
        emulator's is always 0.

    Raises:
        ValueError: The query would read more.
    """
    dry = bigquery.QueryJobConfig.from_api_repr(config.to_api_repr())
    dry.dry_run, dry.use_query_cache = True, False
    estimated = int(client.query(query, job_config=dry).total_bytes_processed or 0)
    if estimated > byte_limit:
        raise ValueError(
            f"The query would read {estimated:,} bytes, but `byte_limit` is {byte_limit:,}. It did "
            "not run. Read fewer columns, restrict the query to partitions, or raise the limit."
        )
    return estimated


def written_table(job: bigquery.QueryJob, destination: TableName | None) -> TableName | None:
    """Return the table that a query, or the last statement of a script, has written.

    It is the destination of a SELECT, the table of a statement such as CREATE TABLE or INSERT, or
    None.
    """
    if destination is not None:
        return destination
    target = job.ddl_target_table or _changed_table(job)
    if target is None or job.statement_type == "DROP_TABLE":
        return None
    return TableName(project=target.project, dataset=target.dataset_id, table=target.table_id)


def _changed_table(job: bigquery.QueryJob) -> Any:
    if job.statement_type not in {"INSERT", "UPDATE", "DELETE", "MERGE"}:
        return None
    tables = job.referenced_tables
    return job.destination or (tables[0] if len(tables) == 1 else None)


def describe_job(job: bigquery.QueryJob) -> dict[str, Any]:
    """Return the facts about a query that an artifact's metadata has."""
    facts = {
        "jobId": job.job_id,
        "statementType": job.statement_type,
        "bytesProcessed": job.total_bytes_processed,
        "affectedRows": job.num_dml_affected_rows,
    }
    return {name: value for name, value in facts.items() if value is not None}
