"""`table_snapshot`: keep the content of a BigQuery table as it is, or was."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def table_snapshot(
    table: dsl.Input[dsl.Artifact],
    destination: str,
    snapshot: dsl.Output[dsl.Artifact],
    at: str = "",
    expires_days: int = 0,
    project: str = "",
    location: str = "",
) -> None:
    """Make a snapshot of a BigQuery table, so that a model can be trained with the same rows again.

    A snapshot is read-only. It takes storage only for what later changes in the table.

    Args:
        table: The table: an artifact with `projectId`, `datasetId` and `tableId` in its metadata.
        destination: The snapshot, as `dataset.table` or `project.dataset.table`. It must not exist;
            its dataset is created if necessary.
        at: The time whose content the snapshot gets (time travel), such as
            `2024-05-01T12:00:00+00:00`. It must be within the dataset's time travel window, seven
            days by default. If empty, the present.
        expires_days: After how many days BigQuery deletes the snapshot. Never if 0.
        project: The Google Cloud project that runs the job. If empty, the client's default
            project.
        location: The table's location, such as `EU`. If empty, BigQuery detects it.

    Returns:
        snapshot: The snapshot, which `bigquery_extract` reads like a table. Metadata: `projectId`,
            `datasetId`, `tableId` and `rows`.

    Raises:
        ValueError: The artifact does not describe a BigQuery table, the destination is not a valid
            table name, or the time has no zone.
        google.api_core.exceptions.Conflict: The snapshot exists.
    """
    from kfpkit.helpers.bigquery import require_dataset, table_name, table_name_of
    from kfpkit.helpers.clients import bigquery_client
    from kfpkit.helpers.snapshots import expiry_after, snapshot_sql

    client = bigquery_client(project or None, location or None)
    name = table_name(destination, client.project)
    statement = snapshot_sql(table_name_of(table.metadata), name, at)
    expires = expiry_after(expires_days) if expires_days else None
    require_dataset(client, name)
    client.query(statement).result()
    made = client.get_table(str(name))
    if expires is not None:
        made.expires = expires
        client.update_table(made, ["expires"])
    snapshot.uri = name.uri
    snapshot.metadata = {**name.metadata, "rows": made.num_rows}
