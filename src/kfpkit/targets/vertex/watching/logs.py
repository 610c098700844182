"""The logs of tasks, which Cloud Logging has and Vertex AI has not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kfpkit.targets.vertex.service import Connection

LINES = 20
"""How many lines of a log show why a task failed."""

_PAGE = 1000  # the most that Cloud Logging returns at once


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """An entry of a log.

    Args:
        id: Its id, which is unique among entries of the same time.
        time: Its time, as the service writes it.
        text: Its text, which may have several lines.
    """

    id: str
    time: str
    text: str


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
    answer = _ask(connection, job, {"orderBy": "timestamp desc", "pageSize": lines})
    entries = answer.get("entries", [])
    texts = [text for entry in reversed(entries) for text in _read(entry).splitlines()]
    return texts[-lines:]


def list_log(connection: Connection, job: str, after: str = "") -> Iterator[LogEntry]:
    """Yield the entries of a task's log, the oldest first.

    Args:
        connection: A connection to the target's services.
        job: The full name of the job that has the log.
        after: The time from which on entries are listed (default: all).

    Raises:
        RequestError: A request was refused, or not answered.
    """
    options: dict[str, Any] = {"orderBy": "timestamp asc", "pageSize": _PAGE}
    while True:
        answer = _ask(connection, job, options, f' timestamp>="{after}"' if after else "")
        for entry in answer.get("entries", []):
            text = _read(entry)
            time = str(entry.get("timestamp", ""))
            yield LogEntry(id=str(entry.get("insertId", "")), time=time, text=text)
        if not answer.get("nextPageToken"):
            return
        options["pageToken"] = answer["nextPageToken"]


def _ask(connection: Connection, job: str, options: dict[str, Any], more: str = "") -> Any:
    number = job.rpartition("/")[2]
    return connection.send(
        "logging",
        "POST",
        "/v2/entries:list",
        body={
            "resourceNames": [f"projects/{connection.target.project}"],
            "filter": f'resource.type="ml_job" resource.labels.job_id="{number}"{more}',
            **options,
        },
    )


def _read(entry: dict[str, Any]) -> str:
    payload = entry.get("jsonPayload", {})
    return str(entry.get("textPayload") or payload.get("message") or payload or "")
