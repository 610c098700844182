"""How a table in BigQuery is written: partitions, clusters, types, and what becomes of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from google.cloud import bigquery

from kfpkit.helpers.bigquery import TableName

_WRITE_MODES = {
    "replace": bigquery.WriteDisposition.WRITE_TRUNCATE,
    "append": bigquery.WriteDisposition.WRITE_APPEND,
    "empty": bigquery.WriteDisposition.WRITE_EMPTY,
}
_GRANULARITIES = ("HOUR", "DAY", "MONTH", "YEAR")
_RANGE_PARTS = 4
_ARRAY = re.compile(r"ARRAY<(.+)>")


def write_disposition(mode: str) -> str:
    """Return what becomes of the rows of an existing table.

    Raises:
        ValueError: The mode is neither `replace`, `append` nor `empty`.
    """
    if mode not in _WRITE_MODES:
        raise ValueError(
            f"The write mode `{mode}` does not exist. Choose `replace`, `append` or `empty` (the "
            "table must not have rows)."
        )
    return str(_WRITE_MODES[mode])


def partitioning(text: str) -> dict[str, Any]:
    """Return the partitioning of a table as arguments of a job's configuration.

    Args:
        text: A column with dates or times, `column:MONTH` with another unit than days, or
            `column:0:1000:10` for integers from 0 to below 1000 in steps of 10. Empty for none.

    Raises:
        ValueError: The string has another form.
    """
    if not text:
        return {}
    column, *rest = text.split(":")
    if column and not rest:
        return {"time_partitioning": bigquery.TimePartitioning(field=column, type_="DAY")}
    if column and len(rest) == 1 and rest[0].upper() in _GRANULARITIES:
        return {"time_partitioning": bigquery.TimePartitioning(field=column, type_=rest[0].upper())}
    if column and len(rest) == _RANGE_PARTS - 1 and all(re.fullmatch(r"-?\d+", n) for n in rest):
        start, end, interval = map(int, rest)
        limits = bigquery.PartitionRange(start=start, end=end, interval=interval)
        return {"range_partitioning": bigquery.RangePartitioning(field=column, range_=limits)}
    raise ValueError(
        f"`{text}` is not a partitioning. Write a column with dates or times (`created`), with a "
        "unit (`created:HOUR`, `DAY`, `MONTH` or `YEAR`), or a column with integers, their start, "
        "end and step (`customer:0:1000:10`)."
    )


def schema_fields(types: Mapping[str, str]) -> list[bigquery.SchemaField]:
    """Return the columns of a table with their types, such as `INT64` or `ARRAY<STRING>`."""
    fields = []
    for name, kind in types.items():
        upper = kind.upper().replace(" ", "")
        array = _ARRAY.fullmatch(upper)
        fields.append(
            bigquery.SchemaField(name, array[1], mode="REPEATED")
            if array
            else bigquery.SchemaField(name, upper)
        )
    return fields


def destination_options(
    name: TableName | None, write_mode: str, partition: str, cluster: Sequence[str]
) -> dict[str, Any]:
    """Return the arguments of a query's configuration that concern its destination.

    Raises:
        ValueError: An option is given without a destination, or isn't valid.
    """
    if name is None:
        if partition or cluster or write_mode != "replace":
            raise ValueError(
                "`write_mode`, `partition` and `cluster` concern the destination. Give a "
                "destination, or write them into the statement (PARTITION BY, CLUSTER BY)."
            )
        return {}
    return {
        "default_dataset": name.dataset_reference,
        "destination": name.reference,
        "write_disposition": write_disposition(write_mode),
        "clustering_fields": list(cluster) or None,
        **partitioning(partition),
    }


def load_options(
    write_mode: str, types: Mapping[str, str], partition: str, cluster: Sequence[str]
) -> dict[str, Any]:
    """Return the arguments of a load's configuration that concern its destination.

    Raises:
        ValueError: An option isn't valid.
    """
    return {
        "write_disposition": write_disposition(write_mode),
        "schema": schema_fields(types) or None,
        "clustering_fields": list(cluster) or None,
        **partitioning(partition),
    }
