"""The states of runs and tasks on a server, and what the record calls them."""

from __future__ import annotations

from kfpkit.runs.record import RunState, State

STATES = {
    "PENDING": RunState.WAITING,
    "RUNNING": RunState.RUNNING,
    "CANCELING": RunState.RUNNING,
    "SUCCEEDED": RunState.SUCCEEDED,
    "FAILED": RunState.FAILED,
    "SKIPPED": RunState.STOPPED,
    "CANCELED": RunState.STOPPED,
    "PAUSED": RunState.PAUSED,
}
"""The states of runs."""

TASK_STATES = {
    "PENDING": State.WAITING,
    "RUNNING": State.RUNNING,
    "CANCELING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "FAILED": State.FAILED,
    # Argo skips a task whose condition is false. A hit of the cache is a task that has succeeded.
    "SKIPPED": State.SKIPPED,
    "CANCELED": State.STOPPED,
    "PAUSED": State.WAITING,
}
"""The states of tasks."""
