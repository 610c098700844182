"""Google's clients, for BigQuery and Cloud Storage as they are or for emulators of them.

A component asks here for a client and never knows which it talks to: Google's own variables
`BIGQUERY_EMULATOR_HOST` and `STORAGE_EMULATOR_HOST` decide. Without them the clients use the
application default credentials, as they would without this module.
"""

from __future__ import annotations

import os
from typing import Any

_BIGQUERY = "BIGQUERY_EMULATOR_HOST"
_STORAGE = "STORAGE_EMULATOR_HOST"


def bigquery_client(project: str | None = None, location: str | None = None) -> Any:
    """Make a `google.cloud.bigquery.Client`.

    Args:
        project: The project that jobs run in; by default that of the credentials.
        location: Where jobs run, such as `EU`; by default BigQuery finds it out.

    Returns:
        The client.
    """
    from google.cloud import bigquery

    return bigquery.Client(location=location, **_access(_BIGQUERY, project))


def storage_client(project: str | None = None) -> Any:
    """Make a `google.cloud.storage.Client`.

    Args:
        project: The project that new buckets belong to; by default that of the credentials.

    Returns:
        The client.
    """
    from google.cloud import storage

    return storage.Client(**_access(_STORAGE, project))


def read_arrow(rows: Any) -> Any:
    """Download the rows of a query or a table.

    Args:
        rows: What `job.result()` or `client.list_rows(table)` returned.

    Returns:
        A `pyarrow.Table`. With BigQuery itself the rows come through its Storage Read API where
        `google-cloud-bigquery-storage` is installed; an emulator has its REST interface only.
    """
    return rows.to_arrow(create_bqstorage_client=_BIGQUERY not in os.environ)


def _access(variable: str, project: str | None) -> dict[str, Any]:
    if variable not in os.environ:
        # `project=None` means "no project" to the storage client, not "look it up".
        return {} if project is None else {"project": project}
    from google.auth.credentials import AnonymousCredentials

    project = project or os.environ.get("GOOGLE_CLOUD_PROJECT", "local-project")
    return {"project": project, "credentials": AnonymousCredentials()}
