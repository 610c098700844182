"""Google's clients of BigQuery and Cloud Storage, or of their emulators.

A component gets its clients here and doesn't depend on which service they reach: Google's own
variables `BIGQUERY_EMULATOR_HOST` and `STORAGE_EMULATOR_HOST` decide. Without them, the clients use
the application default credentials, as usual.
"""

from __future__ import annotations

import os
from typing import Any

_BIGQUERY = "BIGQUERY_EMULATOR_HOST"
_STORAGE = "STORAGE_EMULATOR_HOST"


def bigquery_client(project: str | None = None, location: str | None = None) -> Any:
    """Create a `google.cloud.bigquery.Client`.

    Args:
        project: The project of its jobs (default: that of the credentials).
        location: The location of its jobs, such as `EU` (default: BigQuery chooses it).

    Returns:
        The client.
    """
    from google.cloud import bigquery

    return bigquery.Client(location=location, **_access(_BIGQUERY, project))


def storage_client(project: str | None = None) -> Any:
    """Create a `google.cloud.storage.Client`.

    Args:
        project: The project of new buckets (default: that of the credentials).

    Returns:
        The client.
    """
    from google.cloud import storage

    return storage.Client(**_access(_STORAGE, project))


def read_arrow(rows: Any) -> Any:
    """Download the rows of a query or a table.

    Args:
        rows: The result of `job.result()` or `client.list_rows(table)`.

    Returns:
        A `pyarrow.Table`. BigQuery itself sends the rows through its Storage Read API if
        `google-cloud-bigquery-storage` is installed. Emulators have only the REST interface.
    """
    return rows.to_arrow(create_bqstorage_client=_BIGQUERY not in os.environ)


def _access(variable: str, project: str | None) -> dict[str, Any]:
    if variable not in os.environ:
        # `project=None` means "no project" to the storage client, not "look it up".
        return {} if project is None else {"project": project}
    from google.auth.credentials import AnonymousCredentials

    project = project or os.environ.get("GOOGLE_CLOUD_PROJECT", "local-project")
    return {"project": project, "credentials": AnonymousCredentials()}
