"""Lists runs on Vertex AI, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.message import Message

from kfpkit.targets.vertex.service.connection import Connection
from kfpkit.vertex import find_method, parse_message

_PAGE = 50


def list_runs(
    connection: Connection,
    parent: str,
    *,
    condition: str = "",
    most: int | None = None,
    fields: Sequence[str] = (),
) -> list[Message]:
    """List runs, the latest first.

    Args:
        connection: The connection to the service.
        parent: The name of what has the runs: `projects/PROJECT/locations/LOCATION`.
        condition: A filter of Vertex AI's (default: all runs).
        most: The largest number of runs.
        fields: The fields of the message to fetch (default: all, with the details of tasks).

    Raises:
        RequestError: A request was refused, or not answered.
    """
    method = find_method("ListPipelineJobs")
    query = {
        "orderBy": "create_time desc",
        "pageSize": str(_PAGE if most is None else min(_PAGE, most)),
        **({"filter": condition} if condition else {}),
        **({"readMask": ",".join(fields)} if fields else {}),
    }
    path = method.expand({"parent": parent})
    found: list[Message] = []
    while True:
        answer = connection.send("aiplatform", method.verb, path, query=query)
        page = parse_message(method.response, answer, ignore_unknown=True)
        found.extend(page.pipeline_jobs)
        if (most is not None and len(found) >= most) or not page.next_page_token:
            return found[:most]
        query = {**query, "pageToken": page.next_page_token}
