"""A record in which every field has a value."""

from __future__ import annotations

import datetime as dt

from kfpkit.runs.record import (
    Artifact,
    Attempt,
    CacheUse,
    Cause,
    Component,
    ConfigurationFile,
    Environment,
    Input,
    Links,
    Log,
    Miss,
    Node,
    NodeInput,
    Output,
    Parameter,
    Place,
    Preparation,
    Retry,
    Revision,
    RunRecord,
    RunState,
    Settings,
    Source,
    State,
    Target,
    Task,
    Times,
)

START = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.timezone.utc)


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


TIMES = Times(ready=at(0), preparing=at(0.25), running=at(1), ended=at(3.5))
DATA = Artifact(
    name="data", type="system.Dataset", uri="artifacts/load/data", metadata={"rows": 500}
)
ATTEMPT = Attempt(
    times=TIMES,
    exit=-9,
    signal="SIGKILL",
    failure="it was killed by SIGKILL",
    peak_memory=104857600,
    cpu_seconds=2.25,
)
TASK = Task(
    name="for-loop-1/2/train",
    node="for-loop-1/train",
    iteration=(2,),
    item="south",
    environment="sklearn",
    display="Train",
    state=State.FAILED,
    cause=Cause(kind="upstream", node="load"),
    times=TIMES,
    seconds=2.5,
    attempts=(ATTEMPT,),
    inputs={
        "data": Input(artifact=DATA, sources=(Source(task="load", output="data"),)),
        "all": Input(artifacts=(DATA,)),
        "rate": Input(value=0.1, parameter="rate"),
    },
    outputs={"metrics": Output(artifact=Artifact(name="metrics", metadata={"accuracy": 0.5}))},
    pages={"report": "pages/for-loop-1-2-train-report.html"},
    unread_reports={"page": "it is not in the target's bucket"},
    cache=CacheUse(
        key="0a1b",
        hit=False,
        retry=False,
        run="20261119-093000-000-training",
        task="for-loop-1/2/train",
        miss=(Miss(kind="code", name="fraud/features.py"), Miss(kind="upstream", name="data")),
    ),
    failure="it was killed by SIGKILL",
    exit=-9,
    signal="SIGKILL",
    place=Place(file="fraud/train.py", line=12),
    peak_memory=104857600,
    cpu_seconds=2.25,
    log=Log(path="tasks/for-loop-1/2/train/log.txt", bytes=2048),
    links=Links(log="https://console.example/log", console="https://console.example/task"),
)
NODES = (
    Node(
        id="for-loop-1",
        kind="loop",
        label="for-loop-1",
        inputs={"items": NodeInput(sources=("split.regions",))},
        after=("split",),
    ),
    Node(
        id="for-loop-1/train",
        kind="task",
        parent="for-loop-1",
        component="train",
        label="train",
        display="Train",
        inputs={
            "data": NodeInput(sources=("load.data",)),
            "rate": NodeInput(parameter="rate"),
            "region": NodeInput(item="for-loop-1"),
            "seed": NodeInput(value=7),
        },
        after=("load",),
    ),
)
RECORD = RunRecord(
    id="20261120-093000-000-training",
    uuid="2f1c0d5e-7d1f-4d0e-9f0a-1b2c3d4e5f60",
    pipeline="training",
    about="Trains a model.",
    state=RunState.FAILED,
    started=START,
    ended=at(16.7),
    seconds=16.7,
    failure="the account lacks a permission",
    signal="SIGTERM",
    kfpkit="0.1.0",
    command=("kfpkit", "run", "pipelines/training"),
    user_labels={"team": "fraud"},
    target=Target(
        name="local",
        kind="local",
        mode="venv",
        project="example-project",
        location="europe-west1",
        link="https://console.example/run",
    ),
    configuration=ConfigurationFile(file="pipelines/training/local.yaml", digest="c0ffee"),
    settings=Settings(
        caching=False,
        emulators=("bigquery",),
        max_parallel=4,
        task_timeout=1800,
        variables=("LEVEL",),
    ),
    retry=Retry(
        run="20261119-093000-000-training",
        first="20261118-093000-000-training",
        created=at(-172800),
        again=("train",),
    ),
    revision=Revision(commit="deadbeef", branch="main", dirty=True),
    parameters={
        "rate": Parameter(
            value=0.1, origin="--param", type="NUMBER_DOUBLE", about="How fast to learn."
        )
    },
    outputs={
        "model": Output(artifact=DATA),
        "models": Output(artifacts=(DATA,)),
        "score": Output(value=0.5),
    },
    environments={
        "sklearn": Environment(
            python="3.12",
            hash="e0da1c",
            image="registry.example/sklearn:e0da1c",
            digest="sha256:0a",
            parts={"Python": "3.12", "lock": "f00d"},
            packages={"scikit-learn": "1.7.2"},
            prepared=Preparation(seconds=3.25, hit=False),
        )
    },
    components={
        "train": Component(
            module="fraud.train",
            function="train",
            environment="sklearn",
            bundle="b0b",
            files={"fraud/train.py": "f11e"},
        )
    },
    nodes=NODES,
    tasks=(TASK,),
)
