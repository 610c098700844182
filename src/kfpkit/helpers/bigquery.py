"""BigQuery: names of tables, their datasets, and the artifacts of tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import NotFound
from google.cloud import bigquery

_NO_NAME = re.compile(r"[`\\;\s]")


@dataclass(frozen=True, kw_only=True)
class TableName:
    """The full name of a table.

    Args:
        project: The ID of the Google Cloud project.
        dataset: The ID of the dataset.
        table: The ID of the table.
    """

    project: str
    dataset: str
    table: str

    def __str__(self) -> str:
        """Return the name as SQL has it between backticks."""
        return f"{self.project}.{self.dataset}.{self.table}"

    @property
    def uri(self) -> str:
        """The address of the table in BigQuery's API, which consoles show as a link."""
        return (
            f"https://www.googleapis.com/bigquery/v2/projects/{self.project}"
            f"/datasets/{self.dataset}/tables/{self.table}"
        )

    @property
    def metadata(self) -> dict[str, str]:
        """The name as metadata, in the form of Google's own components."""
        return {"projectId": self.project, "datasetId": self.dataset, "tableId": self.table}

    @property
    def reference(self) -> bigquery.TableReference:
        """The table, for the client."""
        return bigquery.TableReference(self.dataset_reference, self.table)

    @property
    def dataset_reference(self) -> bigquery.DatasetReference:
        """The dataset, for the client."""
        return bigquery.DatasetReference(self.project, self.dataset)


def table_name(text: str, project: str) -> TableName:
    """Parse the name of a table.

    Args:
        text: `dataset.table` or `project.dataset.table`.
        project: The project of a name without one.

    Returns:
        The full name.

    Raises:
        ValueError: The string has neither form.
    """
    parts = text.rsplit(".", 2)
    if len(parts) == 2:  # noqa: PLR2004 - dataset and table
        parts = [project, *parts]
    # A backtick would end the name in SQL.
    if len(parts) != 3 or not all(parts) or _NO_NAME.search(text):  # noqa: PLR2004 - as above
        raise ValueError(
            f"`{text}` is not a valid table name. Write `dataset.table` or `project.dataset.table`."
        )
    return TableName(project=parts[0], dataset=parts[1], table=parts[2])


def table_name_of(metadata: Mapping[str, Any]) -> TableName:
    """Return the name of a table from its artifact's metadata.

    Raises:
        ValueError: The artifact isn't a BigQuery table.
    """
    try:
        return TableName(
            project=metadata["projectId"],
            dataset=metadata["datasetId"],
            table=metadata["tableId"],
        )
    except KeyError as error:
        raise ValueError(
            f"The artifact is not a BigQuery table: its metadata lacks {error}. Pass the `table` "
            "output of `bigquery_query`, or import the table with `projectId`, `datasetId` and "
            "`tableId` as metadata."
        ) from None


def require_dataset(client: bigquery.Client, name: TableName) -> None:
    """Create the dataset of a table in the client's location, unless it exists."""
    # Asking first needs no right to make datasets where there is nothing to make.
    try:
        client.get_dataset(name.dataset_reference)
    except NotFound:
        dataset = bigquery.Dataset(name.dataset_reference)
        dataset.location = client.location
        client.create_dataset(dataset, exists_ok=True)
