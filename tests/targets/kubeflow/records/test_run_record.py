"""What a Kubeflow server tells of a run becomes a record, and nothing else."""

import pytest
from kfp import dsl
from yaml import safe_load

from kfpkit.compiler import to_yaml
from kfpkit.runs.record import RunState, State
from kfpkit.targets.kubeflow.records import describe_line, describe_run, find_detail, find_pod
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.run_outline import read_outline

NEVER = "1970-01-01T00:00:00Z"
TARGET = KubeflowTarget.model_validate(
    {"name": "cluster", "kind": "kubeflow", "host": "https://kubeflow.example.com/pipeline"}
)


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def split(rows: int) -> int:
    """Split."""
    return rows


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def train(seed: int) -> float:
    """Train."""
    return 0.5


@dsl.component(base_image="registry/sklearn@sha256:0a", install_kfp_package=False)
def report(score: float):
    """Report."""


@dsl.pipeline(name="inner")
def inner(score: float):
    report(score=score)


@dsl.pipeline(name="training", description="Trains.")
def training(rows: int = 500, label: str = "y"):
    made = split(rows=rows)
    with dsl.ParallelFor([1, 2]) as seed:
        train(seed=seed).after(made)
    report(score=0.5).after(made)
    inner(score=0.5).after(made)


SPEC = safe_load(to_yaml(training))


def make_detail(name, state="SUCCEEDED", second=0, **fields):
    return {
        "display_name": name,
        "state": state,
        "create_time": "2026-03-01T12:00:00Z",
        "start_time": f"2026-03-01T12:00:{second:02}Z",
        "end_time": f"2026-03-01T12:00:{second + 5:02}Z",
        **fields,
    }


DETAILS = [
    make_detail("root"),
    make_detail("split-driver"),
    make_detail("split", second=1, child_tasks=[{"pod_name": "training-x7k2p-3811922045"}]),
    make_detail("executor", second=2),
    make_detail("train", second=10),
    make_detail(
        "train",
        "FAILED",
        second=11,
        state_history=[{"state": "FAILED", "error": {"message": "exit code 1."}}],
    ),
    make_detail("report", "SKIPPED", second=20),
    make_detail("report", "RUNTIME_STATE_UNSPECIFIED", second=21),
]
RUN = {
    "run_id": "0aa8cc8a-9a46-4bd8-a1f5-2e5a4ba9f9ec",
    "display_name": "nightly",
    "description": "By Ann.\nkfpkit-request: 0a\nkfpkit-revision: 0123456789ab-dirty",
    "state": "FAILED",
    "created_at": "2026-03-01T12:00:00Z",
    "finished_at": "2026-03-01T12:01:00Z",
    "runtime_config": {"parameters": {"rows": 600.0}},
    "pipeline_spec": SPEC,
    "run_details": {"task_details": DETAILS},
}


@pytest.fixture
def describe():
    def make(spec=SPEC, **fields):
        outline = read_outline(spec, lambda image: image.partition("@")[0])
        return describe_run({**RUN, **fields}, spec, outline, TARGET, name="nightly")

    return make


def test_a_run_is_described(describe):
    record = describe()
    assert (record.id, record.pipeline, record.about) == ("nightly", "training", "Trains.")
    assert (record.state, record.seconds) == (RunState.FAILED, 60.0)
    assert (record.target.name, record.target.kind) == ("cluster", "kubeflow")
    assert record.target.link == (
        "https://kubeflow.example.com/pipeline/#/runs/details/0aa8cc8a-9a46-4bd8-a1f5-2e5a4ba9f9ec"
    )
    assert (record.revision.commit, record.revision.dirty) == ("0123456789ab", True)
    assert {name: (each.value, each.origin) for name, each in record.parameters.items()} == {
        "rows": (600, None),
        "label": ("y", "default"),
    }
    assert {*record.environments} == {"registry/sklearn"}
    assert (record.outputs, record.user_labels, record.failure) == ({}, {}, None)


def test_tasks_get_the_node_that_their_name_means_and_no_iteration(describe):
    found = {task.name: task for task in describe().tasks}
    assert {name: (task.node, task.state) for name, task in found.items()} == {
        "split": ("split", State.SUCCEEDED),
        "for-loop-2/train": ("for-loop-2/train", State.SUCCEEDED),
        "for-loop-2/train (2)": ("for-loop-2/train", State.FAILED),
        # The pipeline has two tasks of this name, and the server doesn't tell which is which.
        "report": (None, State.SKIPPED),
        "report (2)": (None, State.NOT_STARTED),
    }
    assert {task.iteration for task in found.values()} == {None}
    assert found["for-loop-2/train (2)"].failure == "exit code 1"
    assert (found["split"].environment, found["report"].environment) == ("registry/sklearn", None)


def test_what_the_server_does_not_tell_is_absent(describe):
    [task] = [each for each in describe().tasks if each.name == "split"]
    # The time of creation is that of the workflow, not of the task.
    assert (task.times.ready, task.seconds) == (None, 5.0)
    assert (task.inputs, task.outputs, task.cache, task.attempts, task.log) == ({}, {}, *[None] * 3)
    [skipped] = [each for each in describe().tasks if each.name == "report"]
    assert (skipped.times.running, skipped.seconds) == (None, None)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("PENDING", RunState.WAITING),
        ("CANCELING", RunState.RUNNING),
        ("CANCELED", RunState.STOPPED),
        ("PAUSED", RunState.PAUSED),
        ("SOMETHING_NEW", RunState.RUNNING),
    ],
)
def test_states_are_those_of_the_record(describe, state, expected):
    record = describe(state=state, finished_at=NEVER)
    assert (record.state, record.ended, record.seconds) == (expected, None, None)


def test_a_run_whose_pipeline_is_gone_keeps_its_tasks(describe):
    record = describe(spec={})
    assert (record.pipeline, record.nodes, record.parameters) == ("", (), {})
    assert [task.name for task in record.tasks] == [
        "split",
        "train",
        "train (2)",
        "report",
        "report (2)",
    ]


def test_a_pod_is_named_after_its_node_in_the_workflow():
    nodes = read_outline(SPEC, str).nodes
    detail = find_detail(RUN, SPEC, nodes, "split")
    assert find_pod(detail) == "training-x7k2p-system-container-impl-3811922045"
    assert find_pod({**detail, "pod_name": "own"}) == "own"
    assert find_pod(find_detail(RUN, SPEC, nodes, "for-loop-2/train")) is None


def test_a_list_names_runs_that_others_made_by_their_id_on_the_server():
    line = describe_line(RUN, "training")
    assert (line.name, line.state, line.pipeline) == ("nightly", "failed", "training")
    assert line.seconds == 60.0
    assert line.labels == {"kfpkit-request": "0a", "kfpkit-revision": "0123456789ab-dirty"}
    other = describe_line({**RUN, "display_name": "Run of one (a1)", "state": None}, "")
    assert (other.name, other.state) == (RUN["run_id"], "unknown")
