"""A run on Vertex AI in a list."""

from __future__ import annotations

from datetime import datetime, timezone

from google.protobuf.message import Message

from kfpkit.runs.history import RunLine
from kfpkit.runs.record import RunState
from kfpkit.targets.vertex.records.job_record import STATES
from kfpkit.targets.watching import parse_time
from kfpkit.vertex import print_message


def describe_line(job: Message, now: datetime | None = None) -> RunLine:
    """Return a run in a list. Its tasks and metrics aren't part of what lists fetch.

    Args:
        job: The `PipelineJob`, of which the details of tasks and most of the pipeline may be
            missing.
        now: The time, for what hasn't ended. By default, the current time.
    """
    values = print_message(job)
    info = values.get("pipelineSpec", {}).get("pipelineInfo", {})
    started, ended = (
        parse_time(values[key]) if key in values else None for key in ("startTime", "endTime")
    )
    until = ended or now or datetime.now(timezone.utc)
    return RunLine(
        name=str(values["name"]).rpartition("/")[2],
        state=STATES.get(str(values.get("state")), RunState.RUNNING).value,
        pipeline=str(info.get("name") or values.get("displayName", "")),
        started=started,
        # The clock of this machine may be behind that of the service.
        seconds=round(max(0.0, (until - started).total_seconds()), 3) if started else None,
        labels=values.get("labels", {}),
    )
