"""`run.json`: what became of a run, for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kfp import dsl

from kfpkit.files import replace
from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.result import RunResult
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.specification.execution import Job

RUNNING = "running"
"""The state of a run that goes on."""


def write_state(
    folder: RunFolder,
    pipeline: str,
    arguments: Mapping[str, Any],
    job: Job,
    tasks: Sequence[TaskRecord] = (),
) -> None:
    """Record where a run that goes on stands.

    Args:
        folder: The run's folder.
        pipeline: The pipeline's name.
        arguments: The parameters that were given.
        job: The run, as its tasks see it.
        tasks: Its tasks, as far as they are known.

    Raises:
        RunFolderError: It cannot be written.
    """
    listed = [_task(task, {}) for task in tasks]
    _write(folder, {**_head(pipeline, arguments, job), "state": RUNNING, "tasks": listed})


def write_result(result: RunResult, arguments: Mapping[str, Any], job: Job) -> None:
    """Record how a run ended.

    Args:
        result: The run.
        arguments: The parameters that were given.
        job: The run, as its tasks see it.

    Raises:
        RunFolderError: It cannot be written.
    """
    _write(
        result.folder,
        {
            **_head(result.pipeline, arguments, job),
            "state": result.state,
            "seconds": round(result.seconds, 3),
            "outputs": _plain(result.outputs),
            "tasks": [_task(task, result.pages.get(task.name, {})) for task in result.tasks],
        },
    )


def _head(pipeline: str, arguments: Mapping[str, Any], job: Job) -> dict[str, Any]:
    return {
        "pipeline": pipeline,
        "name": job.name,
        "id": job.id,
        "created": job.created_utc,
        "parameters": dict(arguments),
    }


def _task(task: TaskRecord, pages: Mapping[str, Path]) -> dict[str, Any]:
    seconds = None if task.ended is None else task.seconds(task.ended)
    return {
        "name": task.name,
        "display_name": task.title or task.name.rpartition("/")[2],
        "environment": task.environment,
        "state": task.state.value,
        "started": None
        if task.started is None
        else dt.datetime.fromtimestamp(task.started, tz=dt.timezone.utc).isoformat(),
        "seconds": None if seconds is None else round(seconds, 3),
        "outputs": _plain(task.outputs),
        "pages": {output: str(page) for output, page in pages.items()},
        "failure": task.failure,
        "log": None if task.log is None else str(task.log),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dsl.Artifact):
        return {
            "type": value.schema_title,
            "name": value.name,
            "uri": value.uri,
            "metadata": _plain(value.metadata),
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _write(folder: RunFolder, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=2, default=str)
    with writing(folder.path):
        replace(folder.summary, f"{text}\n".encode())
