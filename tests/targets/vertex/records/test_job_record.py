"""What a `PipelineJob` tells becomes a record, and nothing else."""

import json

import pytest
from kfp import dsl
from yaml import safe_load

from kfpkit.compiler import to_yaml
from kfpkit.runs.record import RunState, State
from kfpkit.targets.target import EmulatorTarget, VertexTarget
from kfpkit.targets.vertex.records import describe_job, find_log_jobs
from kfpkit.vertex import parse_message

NAME = "projects/1/locations/europe-west4/pipelineJobs/nightly"
TARGET = VertexTarget.model_validate(
    {
        "name": "dev",
        "kind": "vertex",
        "project": "my-project",
        "location": "europe-west4",
        "pipeline-root": "gs://my-bucket/root",
    }
)


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def split(rows: int, table: dsl.Output[dsl.Dataset]) -> int:
    """Split."""
    return rows


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def train(seed: int, table: dsl.Input[dsl.Dataset], metrics: dsl.Output[dsl.Metrics]) -> float:
    """Train."""
    return 0.5


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def report(score: float) -> str:
    """Report."""
    return "done"


@dsl.pipeline(name="training", description="Trains.")
def training(rows: int = 500, share: float = 0.5, label: str = "y") -> float:
    made = split(rows=rows)
    with dsl.ParallelFor([1, 2]) as seed:
        train(seed=seed, table=made.outputs["table"])
    last = train(seed=3, table=made.outputs["table"])
    with dsl.If(last.outputs["Output"] > 0.9):
        report(score=last.outputs["Output"])
    return last.outputs["Output"]


SPEC = safe_load(to_yaml(training))
TABLE = {
    "name": "projects/1/locations/l/metadataStores/default/artifacts/7",
    "uri": "gs://my-bucket/table",
    "schemaTitle": "system.Dataset",
    "metadata": {"rows": 500.0},
}


def make_detail(number, name, state, parent="1", **fields):
    detail = {"taskId": str(number), "taskName": name, "state": state, **fields}
    return detail if parent is None else {**detail, "parentTaskId": parent}


DETAILS = [
    make_detail(1, "nightly", "FAILED", None),
    make_detail(
        2,
        "split",
        "SUCCEEDED",
        createTime="2026-03-01T12:00:00Z",
        startTime="2026-03-01T12:00:05.123456789Z",
        endTime="2026-03-01T12:00:10.623456789Z",
        execution={"metadata": {"input:rows": 500.0, "output:Output": 500.0}},
        outputs={"table": {"artifacts": [TABLE]}},
        executorDetail={
            "containerDetail": {"mainJob": "jobs/12", "failedMainJobs": ["jobs/10", "jobs/11"]}
        },
    ),
    make_detail(3, "for-loop-2", "FAILED"),
    make_detail(4, "for-loop-2-0", "SUCCEEDED", "3"),
    make_detail(5, "for-loop-2-1", "FAILED", "3"),
    make_detail(
        6,
        "train",
        "SKIPPED",
        "4",
        startTime="2026-03-01T12:00:11Z",
        endTime="2026-03-01T12:00:12Z",
    ),
    make_detail(
        7,
        "train",
        "FAILED",
        "5",
        startTime="2026-03-01T12:00:13Z",
        inputs={"table": {"artifacts": [TABLE]}},
        error={"code": 9, "message": "The replica exited with 1."},
    ),
    make_detail(
        8,
        "train-2",
        "SUCCEEDED",
        startTime="2026-03-01T12:00:14Z",
        execution={"metadata": {"output:Output": 0.5}},
    ),
    make_detail(9, "condition-1", "NOT_TRIGGERED"),
]
JOB = {
    "name": NAME,
    "displayName": "training",
    "state": "PIPELINE_STATE_FAILED",
    "createTime": "2026-03-01T11:59:59Z",
    "startTime": "2026-03-01T12:00:00Z",
    "endTime": "2026-03-01T12:00:30.5Z",
    "error": {"code": 9, "message": "The DAG failed."},
    "labels": {
        "team": "churn",
        "kfpkit-revision": "0123456789ab-dirty",
        "vertex-ai-pipelines-run-billing-id": "47",
    },
    "pipelineSpec": SPEC,
    "runtimeConfig": {"parameterValues": {"rows": 500.0, "label": "z"}},
    "jobDetail": {"taskDetails": DETAILS},
}


def describe(target=TARGET, **changes):
    job = parse_message("PipelineJob", {**JOB, **changes})
    return describe_job(job, target, name_environment=lambda _: "sklearn")


@pytest.fixture(scope="module")
def record():
    return describe()


def test_a_run_has_what_its_message_says(record):
    assert (record.id, record.pipeline, record.about) == ("nightly", "training", "Trains.")
    assert (record.state, record.seconds) == (RunState.FAILED, 30.5)
    assert record.failure == "The DAG failed"
    assert record.user_labels == {"team": "churn"}
    assert (record.revision.commit, record.revision.dirty) == ("0123456789ab", True)
    assert (record.target.name, record.target.kind) == ("dev", "vertex")
    assert record.target.link.endswith("/runs/nightly?project=my-project")


def test_what_vertex_ai_does_not_tell_is_absent(record):
    shown = json.loads(record.model_dump_json(exclude_none=True, by_alias=True))

    assert not shown.keys() & {"uuid", "signal", "command", "configuration", "settings", "kfpkit"}
    assert shown["environments"] == {
        "sklearn": {
            "image": "registry/sklearn@sha256:0a",
            "digest": "sha256:0a",
            "parts": {},
            "packages": {},
        }
    }
    [made, *_] = shown["tasks"]
    assert not made.keys() & {"attempts", "exit", "peak_memory", "cpu_seconds", "log", "cache"}


def test_parameters_have_their_defaults_and_types(record):
    found = {name: (each.value, each.origin) for name, each in record.parameters.items()}
    assert found == {"label": ("z", None), "rows": (500, None), "share": (0.5, "default")}
    assert record.parameters["rows"].type == "NUMBER_INTEGER"
    assert isinstance(record.parameters["rows"].value, int)


def test_tasks_have_their_places_in_loops_and_no_groups(record):
    assert [(task.name, task.node, task.iteration, task.state) for task in record.tasks] == [
        ("split", "split", None, State.SUCCEEDED),
        ("for-loop-2/0/train", "for-loop-2/train", (0,), State.CACHED),
        ("for-loop-2/1/train", "for-loop-2/train", (1,), State.FAILED),
        ("train-2", "train-2", None, State.SUCCEEDED),
    ]


def test_tasks_have_times_environments_values_and_causes(record):
    made, cached, failed, _ = record.tasks
    assert made.seconds == 5.5
    assert made.times.running.microsecond == 123456
    assert made.environment == "sklearn"
    assert made.inputs["rows"].value == 500
    assert made.inputs["rows"].parameter == "rows"
    assert made.outputs["Output"].value == 500
    assert made.outputs["table"].artifact.metadata == {"rows": 500}
    assert (cached.seconds, cached.cache.hit) == (None, True)
    assert failed.failure == "The replica exited with 1"
    [source] = failed.inputs["table"].sources
    assert (source.task, source.output) == ("split", "table")


def test_the_pipelines_outputs_are_those_of_the_task_that_made_them(record):
    assert record.outputs["Output"].value == 0.5


def test_logs_of_all_attempts_are_found_in_their_order(record):
    job = parse_message("PipelineJob", JOB)
    assert find_log_jobs(job, "split") == ("jobs/10", "jobs/11", "jobs/12")
    assert find_log_jobs(job, "train-2") == ()


def test_tasks_that_the_service_does_not_tell_apart_are_numbered():
    details = [
        make_detail(1, "nightly", "RUNNING", None),
        make_detail(3, "for-loop-2", "RUNNING"),
        make_detail(4, "train", "RUNNING", "3"),
        make_detail(5, "train", "RUNNING", "3"),
    ]
    record = describe(jobDetail={"taskDetails": details})
    assert [(task.name, task.iteration) for task in record.tasks] == [
        ("for-loop-2/train", None),
        ("for-loop-2/train (2)", None),
    ]


def test_a_task_that_the_pipeline_does_not_have_has_no_node():
    details = [make_detail(1, "nightly", "RUNNING", None), make_detail(2, "other", "PENDING")]
    [task] = describe(jobDetail={"taskDetails": details}).tasks
    assert (task.name, task.node, task.state) == ("other", None, State.WAITING)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("QUEUED", RunState.WAITING),
        ("PENDING", RunState.WAITING),
        ("RUNNING", RunState.RUNNING),
        ("CANCELLING", RunState.RUNNING),
        ("CANCELLED", RunState.STOPPED),
        ("PAUSED", RunState.PAUSED),
    ],
)
def test_states_have_the_words_of_the_record(state, expected):
    assert describe(state=f"PIPELINE_STATE_{state}").state is expected


def test_a_run_that_has_just_been_created_has_no_times_and_no_tasks():
    job = {key: JOB[key] for key in ("name", "pipelineSpec")}
    created = parse_message("PipelineJob", {**job, "state": "PIPELINE_STATE_PENDING"})
    record = describe_job(created, TARGET, name_environment=str)
    assert (record.started, record.seconds, record.tasks) == (None, None, ())
    assert record.nodes[0].label == "split"


def test_the_emulator_has_no_console():
    target = EmulatorTarget.model_validate({"name": "laptop", "kind": "emulator"})
    record = describe(target)
    assert record.target.link is None
    assert record.tasks[0].links is None
