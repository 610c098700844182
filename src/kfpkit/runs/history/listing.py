"""Runs in a list, each in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kfpkit.errors import RunsError
from kfpkit.runs.history.metrics import Metric, find_main_metric
from kfpkit.runs.history.run_filter import RunFilter
from kfpkit.runs.history.sources import RunSource
from kfpkit.runs.record import RunRecord, RunState, State

UNREADABLE = "unreadable"
"""The state of a run whose record is missing or damaged."""

_ALL = RunFilter()


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run in a list.

    Args:
        name: The run's name.
        state: Its state.
        pipeline: Its pipeline. Empty if its record can't be read.
        started: When it started.
        seconds: How long it took, or has taken so far.
        metric: Its main metric.
        tasks: The number of its tasks. None if it isn't known.
        cached: The number of tasks that were taken from the cache. None if it isn't known.
        labels: Its labels.
        problem: Why its record can't be read. Empty if it can.
    """

    name: str
    state: str
    pipeline: str = ""
    started: dt.datetime | None = None
    seconds: float | None = None
    metric: Metric | None = None
    tasks: int | None = None
    cached: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def list_runs(
    source: RunSource, *, wanted: RunFilter = _ALL, limit: int | None = None
) -> Iterator[RunLine]:
    """Yield runs, from the newest to the oldest.

    Args:
        source: The place with the runs.
        wanted: Which of them (default: all).
        limit: The largest number of runs. Records of further runs aren't read.

    Yields:
        The runs, including those without a readable record unless it is needed for the choice.
    """
    found = 0
    for name in source.list_names():
        if found == limit:
            return
        line = _read_line(source, name)
        if wanted.admits(line):
            found += 1
            yield line


def _read_line(source: RunSource, name: str) -> RunLine:
    try:
        record = source.read(source.locate(name))
    except RunsError as error:
        return RunLine(name=name, state=UNREADABLE, problem=str(error))
    states = [task.state for task in record.tasks]
    return RunLine(
        name=name,
        state=record.state.value,
        pipeline=record.pipeline,
        started=record.started,
        seconds=_measure_seconds(record),
        metric=find_main_metric(record),
        tasks=len(states),
        cached=states.count(State.CACHED),
        labels=record.user_labels,
    )


def _measure_seconds(record: RunRecord) -> float | None:
    if record.seconds is None and record.state is RunState.RUNNING and record.started is not None:
        return (dt.datetime.now(tz=dt.timezone.utc) - record.started).total_seconds()
    return record.seconds
