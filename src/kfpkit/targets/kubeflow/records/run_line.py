"""A run on a server in a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from kfpkit.runs.history import RunLine
from kfpkit.targets.kubeflow.records.states import STATES
from kfpkit.targets.kubeflow.request import read_facts
from kfpkit.targets.kubeflow.run_message import read_time

UNKNOWN = "unknown"
"""The state of a run that the server can't read itself."""

_PLAIN = re.compile(r"[a-z][-a-z0-9]{0,126}")


def describe_line(run: Mapping[str, Any], pipeline: str, now: datetime | None = None) -> RunLine:
    """Return a run in a list.

    Args:
        run: The run, as in JSON.
        pipeline: The name of its pipeline. Empty if it isn't known.
        now: The time, for what hasn't ended. By default, the current time.
    """
    state = STATES.get(str(run.get("state")))
    started, ended = read_time(run, "created_at"), read_time(run, "finished_at")
    until = ended or now or datetime.now(timezone.utc)
    return RunLine(
        name=name_run(run),
        state=UNKNOWN if state is None else state.value,
        pipeline=pipeline,
        started=started,
        # The clock of this machine may be behind that of the server.
        seconds=round(max(0.0, (until - started).total_seconds()), 3) if started else None,
        labels=read_facts(str(run.get("description") or "")),
    )


def name_run(run: Mapping[str, Any]) -> str:
    """Return the id of a run: its display name, as kfpkit chooses it, or else the server's id.

    Args:
        run: The run, as in JSON.
    """
    name = str(run.get("display_name") or "")
    return name if _PLAIN.fullmatch(name) else str(run.get("run_id", ""))
