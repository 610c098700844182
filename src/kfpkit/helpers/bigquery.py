"""BigQuery: names of tables, typed query parameters, and the artifacts of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import NotFound
from google.cloud import bigquery

_INFERRED = {bool: "BOOL", int: "INT64", float: "FLOAT64", str: "STRING"}


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
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - project, dataset and table
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


def query_parameters(values: Mapping[str, Any]) -> list[Any]:
    """Return named query parameters with their types.

    Args:
        values: A value for each `@name` in the SQL. Its type is inferred (BOOL, INT64, FLOAT64,
            STRING, and ARRAY for a list that isn't empty), or is beside it, as in
            `{"type": "DATE", "value": "2024-05-01"}` and `{"type": "ARRAY<INT64>", "value": []}`.

    Returns:
        The parameters in the client's form.

    Raises:
        ValueError: A type can't be inferred, or the value of an array isn't a list.
    """
    return [_query_parameter(name, value) for name, value in values.items()]


def _query_parameter(name: str, value: Any) -> Any:
    kind, content = _typed(name, value)
    if kind.startswith("ARRAY<"):
        of = kind.removeprefix("ARRAY<").removesuffix(">")
        if not isinstance(content, list):
            raise ValueError(
                f"The query parameter `{name}` is an {kind}, but its value {content!r} is not a "
                "list. Write `[]` for an array without elements."
            )
        return bigquery.ArrayQueryParameter(name, of, [_converted(of, one) for one in content])
    return bigquery.ScalarQueryParameter(name, kind, _converted(kind, content))


def _typed(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, Mapping) and set(value) == {"type", "value"}:
        return str(value["type"]).upper().replace(" ", ""), value["value"]
    of = {_INFERRED.get(type(one)) for one in value} if isinstance(value, list) else set()
    # KFP keeps no difference between 5 and 5.0, so a list may hold both.
    of = {"FLOAT64"} if of == {"INT64", "FLOAT64"} else of
    kind = f"ARRAY<{next(iter(of))}>" if len(of) == 1 and None not in of else None
    kind = _INFERRED.get(type(value), kind)
    if kind is None:
        raise ValueError(
            f"The type of the query parameter `{name}` cannot be inferred from {value!r}. "
            'Write it beside the value, as in `{"type": "DATE", "value": "2024-05-01"}`.'
        )
    return kind, value


def _converted(kind: str, value: Any) -> Any:
    """Restore a value's type: KFP turns 5.0 into 5, and a pipeline's number may be a string."""
    if value is None:
        return None
    convert = {"FLOAT64": float, "INT64": int}.get(kind)
    return value if convert is None else convert(value)
