"""The logs of tasks, which Cloud Logging has and Vertex AI has not."""

from __future__ import annotations

from typing import Any

from kfpkit.targets.vertex.service import Connection

LINES = 20
"""How many lines of a log show why a task failed."""


def fetch_log(connection: Connection, job: str, lines: int = LINES) -> list[str]:
    """Fetch the last lines of a task's log.

    Args:
        connection: A connection to the target's services.
        job: The full name of the job that has the log.
        lines: How many lines.

    Returns:
        The lines, the last one last.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    number = job.rpartition("/")[2]
    answer = connection.send(
        "logging",
        "POST",
        "/v2/entries:list",
        body={
            "resourceNames": [f"projects/{connection.target.project}"],
            "filter": f'resource.type="ml_job" resource.labels.job_id="{number}"',
            "orderBy": "timestamp desc",
            "pageSize": lines,
        },
    )
    entries = answer.get("entries", [])
    texts = [text for entry in reversed(entries) for text in _read(entry).splitlines()]
    return texts[-lines:]


def _read(entry: dict[str, Any]) -> str:
    payload = entry.get("jsonPayload", {})
    return str(entry.get("textPayload") or payload.get("message") or payload or "")
