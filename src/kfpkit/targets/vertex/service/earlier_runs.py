"""Lists the runs of a pipeline on Vertex AI, the latest first."""

from __future__ import annotations

import json

from google.protobuf.message import Message

from kfpkit.targets.vertex.service.connection import Connection
from kfpkit.vertex import find_method, parse_message

_PAGE = 50


def list_runs(connection: Connection, parent: str, *, pipeline: str, most: int) -> list[Message]:
    """List the runs of a pipeline, with the details of their tasks.

    Args:
        connection: The connection to the service.
        parent: The name of what has the runs: `projects/PROJECT/locations/LOCATION`.
        pipeline: The pipeline's name.
        most: The largest number of runs.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    method = find_method("ListPipelineJobs")
    query = {
        "filter": f"pipeline_name={json.dumps(pipeline)}",
        "orderBy": "create_time desc",
        "pageSize": str(min(_PAGE, most)),
    }
    path = method.expand({"parent": parent})
    found: list[Message] = []
    while True:
        answer = connection.send("aiplatform", method.verb, path, query=query)
        page = parse_message(method.response, answer, ignore_unknown=True)
        found.extend(page.pipeline_jobs)
        if len(found) >= most or not page.next_page_token:
            return found[:most]
        query = {**query, "pageToken": page.next_page_token}
