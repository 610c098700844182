"""The executions of a task's command."""

from __future__ import annotations

from kfpkit.runs.record.part import Moment, Part


class Times(Part):
    """When a task or an attempt reached each stage.

    Args:
        ready: When its inputs were available.
        preparing: When it began to wait for its environment.
        running: When its command started.
        ended: When it ended, or was taken from the cache.
    """

    ready: Moment | None = None
    preparing: Moment | None = None
    running: Moment | None = None
    ended: Moment | None = None


class Attempt(Part):
    """An execution of a task's command.

    Args:
        times: When it reached each stage.
        exit: The exit code of its command.
        signal: The name of the signal that ended its command, such as `SIGKILL`.
        failure: The reason for its failure, as a sentence without a period.
        peak_memory: The largest resident memory of one of its processes, in bytes.
        cpu_seconds: The processor time of all its processes that have ended.
    """

    times: Times = Times()
    exit: int | None = None
    signal: str | None = None
    failure: str | None = None
    peak_memory: int | None = None
    cpu_seconds: float | None = None
