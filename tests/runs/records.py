"""Records of runs that tests make up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kfpkit.runs.record import (
    Artifact,
    CacheUse,
    Component,
    Environment,
    Log,
    Miss,
    Node,
    Output,
    Parameter,
    RunRecord,
    RunState,
    State,
    Task,
    write_record,
)

STARTED = dt.datetime(2026, 11, 2, 12, tzinfo=dt.timezone.utc)


def make_task(name: str, *, state: State = State.SUCCEEDED, **fields: object) -> Task:
    """Return a task that took two seconds."""
    return Task(name=name, state=state, environment="sklearn", seconds=2.0, **fields)


def make_metrics(**metrics: object) -> dict[str, Output]:
    """Return the outputs of a task that logs metrics."""
    return {"metrics": Output(artifact=Artifact(type="system.Metrics", metadata=metrics))}


def make_record(name: str = "20261102-120000-000-training", **fields: object) -> RunRecord:
    """Return a record of a run of two tasks, of which one came from the cache."""
    given = {
        "pipeline": "training",
        "state": RunState.SUCCEEDED,
        "started": STARTED,
        "seconds": 12.5,
        "parameters": {"rows": Parameter(value=500, origin="default")},
        "environments": {"sklearn": Environment(packages={"numpy": "2.3.4", "scipy": "1.16.2"})},
        "components": {
            "train": Component(environment="sklearn", files={"models.py": "aa", "shared.py": "bb"}),
            "load": Component(environment="sklearn", files={"shared.py": "bb"}),
        },
        "nodes": (
            Node(id="load", kind="task", label="load", component="load"),
            Node(id="train", kind="task", label="train", component="train"),
        ),
        "tasks": (
            make_task("load", state=State.CACHED, outputs={"rows": Output(value=500)}),
            make_task(
                "train",
                cache=CacheUse(miss=(Miss(kind="code", name="models.py"),)),
                outputs=make_metrics(accuracy=0.75, loss=0.5),
                log=Log(path="tasks/train/log.txt", bytes=5),
            ),
        ),
    }
    return RunRecord(id=name, **{**given, **fields})


def write_run(project: Path, record: RunRecord) -> Path:
    """Write a run's folder with its record and logs, as a run leaves it."""
    folder = project / ".kfpkit" / "runs" / record.id
    folder.mkdir(parents=True)
    write_record(record, folder)
    for task in record.tasks:
        if task.log:
            log = folder / task.log.path
            log.parent.mkdir(parents=True)
            log.write_text("done\n")
    return folder
