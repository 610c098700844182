"""A run on Vertex AI in a list."""

from __future__ import annotations

from datetime import datetime, timezone

from google.protobuf.message import Message

from kfpkit.runs.history import RunLine
from kfpkit.runs.record import RunState
from kfpkit.targets.vertex.records.job_record import STATES
from kfpkit.targets.watching import parse_time
from kfpkit.vertex import print_message


def describe_line(job: Message) -> RunLine:
    """Return a run in a list. Its tasks and metrics aren't part of what lists fetch.

    Args:
        job: The `PipelineJob`, of which the details of tasks and most of the pipeline may be
            missing.
    """
    values = print_message(job)
    info = values.get("pipelineSpec", {}).get("pipelineInfo", {})
    started, ended = (
        parse_time(values[key]) if key in values else None for key in ("startTime", "endTime")
    )
    until = ended or datetime.now(timezone.utc)
    return RunLine(
        name=str(values["name"]).rpartition("/")[2],
        state=STATES.get(str(values.get("state")), RunState.RUNNING).value,
        pipeline=str(info.get("name") or values.get("displayName", "")),
        started=started,
        seconds=round((until - started).total_seconds(), 3) if started else None,
        labels=values.get("labels", {}),
    )
