"""A task of a run as the record has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.values import describe_output, shorten
from kfpkit.runs.record import Log, Task, Times, make_moment


def describe_task(task: TaskRecord, pages: Mapping[str, Path], folder: Path) -> Task:
    """Return a task for the record.

    Args:
        task: The task.
        pages: The pages that show its reports, by output.
        folder: The run's folder.
    """
    seconds = None if task.ended is None else task.seconds(task.ended)
    return Task(
        name=task.name,
        environment=task.environment or None,
        display=task.title or None,
        state=task.state,
        times=_describe_times(task),
        seconds=None if seconds is None else round(seconds, 3),
        outputs={name: describe_output(value, folder) for name, value in task.outputs.items()},
        pages={output: shorten(page, folder) for output, page in pages.items()},
        failure=task.failure,
        log=_describe_log(task, folder),
    )


def _describe_times(task: TaskRecord) -> Times:
    return Times(
        ready=make_moment(task.ready),
        preparing=make_moment(task.preparing),
        running=make_moment(task.started),
        ended=make_moment(task.ended),
    )


def _describe_log(task: TaskRecord, folder: Path) -> Log | None:
    """Return the task's log; None when it has written none."""
    if task.log is None:
        return None
    try:
        size = task.log.stat().st_size
    except OSError:
        return None
    return Log(path=shorten(task.log, folder), bytes=size if task.state.is_final else None)
