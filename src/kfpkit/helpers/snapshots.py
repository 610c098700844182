"""Snapshots of tables in BigQuery: their SQL, and when they expire."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from kfpkit.helpers.bigquery import TableName


def snapshot_sql(source: TableName, copy: TableName, at: str) -> str:
    """Return the statement that makes a snapshot.

    Args:
        source: The table.
        copy: The snapshot.
        at: The time whose content it gets, in ISO 8601 with a zone. The present if empty.

    Raises:
        ValueError: The time has no zone or another form.
    """
    statement = f"CREATE SNAPSHOT TABLE `{copy}` CLONE `{source}`"
    return f"{statement} FOR SYSTEM_TIME AS OF TIMESTAMP '{_moment(at)}'" if at else statement


def expiry_after(days: int) -> datetime:
    """Return when a snapshot expires.

    Raises:
        ValueError: The number of days isn't positive.
    """
    if days <= 0:
        raise ValueError(f"`expires_days` is {days}. Give a number of days, or 0 for never.")
    return datetime.now(timezone.utc) + timedelta(days=days)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(
            f"`{text}` is not a time with a zone. Write it in ISO 8601, as in "
            "2024-05-01T12:00:00+00:00."
        )
    return moment.isoformat()
