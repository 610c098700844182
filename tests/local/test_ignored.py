import dataclasses
import json

import pytest
from kfp import dsl
from local.running import run_in
from local.steps import component, say
from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.errors import DynamicImageError
from kfpkit.local import run_pipeline
from kfpkit.local.ignored import describe_ignored, find_ignored
from kfpkit.local.record.progress import Silence
from kfpkit.specification.messages import read_specification


@component
def score(text: str) -> str:
    return text


# As kfp-kubernetes writes them.
KUBERNETES = {
    "secretAsEnv": [{"secretName": "s", "keyToEnv": [{"secretKey": "k", "envVar": "V"}]}],
    "secretAsVolume": [{"secretName": "s", "mountPath": "/m"}],
    "pvcMount": [{"constant": "data", "mountPath": "/d"}],
    "nodeSelector": {"labels": {"disk": "ssd"}},
    "newerThanKfpkit": True,
}


@dsl.pipeline(
    name="asking", pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig("1Gi"))
)
def asking():
    say(text="a").set_cpu_limit("2").set_memory_request("1Gi").set_display_name("Say it")
    task = score(text="b").set_accelerator_type("nvidia.com/gpu").set_accelerator_limit(1)
    task.platform_config["kubernetes"] = KUBERNETES
    with dsl.ParallelFor(["c"]) as letter:
        say(text=letter).set_display_name("Say a letter")


@dsl.pipeline(name="plain")
def plain():
    say(text="a")


LINE = (
    "This run ignores settings that apply only in a cluster: CPU and memory limits and requests "
    "(say); accelerators (score); `newerThanKfpkit` (score); node selectors (score); "
    "volumes (score); secrets (score)"
)


class Heard(Silence):
    def __init__(self):
        self.lines = []

    def say(self, line):
        self.lines.append(line)


@pytest.fixture
def specification(tmp_path):
    return lambda pipeline: read_specification(compile_pipeline(pipeline, tmp_path / "p.yaml"))


def test_what_only_a_cluster_does_is_found(specification):
    ignored = find_ignored(specification(asking))
    assert describe_ignored(ignored) == LINE
    assert find_ignored(specification(plain)) == {}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("secretAsEnv", "secrets"),
        ("secretAsVolume", "secrets"),
        ("configMapAsEnv", "config maps"),
        ("configMapAsVolume", "config maps"),
        ("pvcMount", "volumes"),
        ("genericEphemeralVolume", "volumes"),
        ("emptyDirMounts", "volumes"),
        ("enabledSharedMemory", "shared memory"),
        ("nodeSelector", "node selectors"),
        ("nodeAffinity", "affinities"),
        ("podAffinity", "affinities"),
        ("tolerations", "tolerations"),
        ("podMetadata", "pod labels and annotations"),
        ("imagePullSecret", "image pull secrets"),
        ("imagePullPolicy", "image pull policies"),
        ("fieldPathAsEnv", "variables from pod fields"),
        ("securityContext", "security contexts"),
        ("initContainers", "init containers"),
    ],
)
def test_settings_of_kubernetes_are_named_in_plain_words(specification, key, words):
    @dsl.pipeline(name="kubernetes")
    def kubernetes():
        say(text="a").platform_config["kubernetes"] = {key: [{"any": "value"}]}

    assert find_ignored(specification(kubernetes)) == {words: ["say"]}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("resourceTtlOnCompletion", "retention of finished runs"),
        ("resourceTtlOnSuccess", "retention of finished runs"),
        ("resourceTtlOnFailure", "retention of finished runs"),
        ("activeDeadlineSeconds", "timeouts"),
        ("newerThanKfpkit", "`newerThanKfpkit`"),
        ("workspace", None),
    ],
)
def test_settings_of_a_whole_pipeline_are_named_in_plain_words(specification, key, words):
    plain_one = specification(plain)
    asking_one = dataclasses.replace(
        plain_one, platforms={"kubernetes": {"pipelineConfig": {key: 60}}}
    )

    assert find_ignored(asking_one) == ({words: ["plain"]} if words else {})


def test_it_is_said_once_in_a_run(project):
    file = compile_pipeline(asking, project({}) / "p.yaml")
    heard = Heard()
    result = run_pipeline(file, launcher=ThisPython(), progress=heard)
    assert result.succeeded
    assert heard.lines.count(LINE) == 1


def test_names_for_display_are_shown_and_recorded(project):
    result = run_in(project({}))(asking)
    assert {task.name: task.label for task in result.tasks} == {
        "say": "say (Say it)",
        "score": "score",
        "for-loop-2/0/say-2": "for-loop-2/0/say-2 (Say a letter)",
    }
    recorded = json.loads(result.folder.summary.read_text())
    names = {task["name"]: task.get("display") for task in recorded["tasks"]}
    assert names == {"say": "Say it", "score": None, "for-loop-2/0/say-2": "Say a letter"}


@pytest.mark.parametrize("containers", [False, True])
def test_an_image_that_is_known_too_late_is_refused(tmp_path, containers):
    @dsl.pipeline(name="choosing")
    def choosing(image: str):
        say(text="a").set_container_image(image)

    file = compile_pipeline(choosing, tmp_path / "choosing.yaml")
    with pytest.raises(DynamicImageError, match="`say` takes its image from a parameter"):
        read_specification(file, containers=containers)
