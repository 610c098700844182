"""Everything is checked before anything is sent, for all pipelines at once."""

import re
import subprocess

import pytest

from kfpkit.compiler import compile_pipeline
from kfpkit.environments import find_environment
from kfpkit.errors import (
    ConfirmationError,
    GoneImagesError,
    InvalidConfigurationError,
    MissingConfigError,
    NoRegistryError,
    SubmissionRefusedError,
    UncommittedChangesError,
    UnknownTargetError,
    UnpushedImageError,
)
from kfpkit.images.labels import HASH_LABEL
from kfpkit.loading import load_pipeline
from kfpkit.project import find_project
from kfpkit.targets import plan_submission


@pytest.fixture
def plan(root, want):
    return lambda *pipelines, **options: plan_submission(
        want(*pipelines, **options), find_project(root)
    )


def commit_of(root):
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout[:12]


def test_a_folder_of_pipelines_becomes_requests_with_their_own_configurations(plan, root):
    submission = plan("")
    bodies = [each.request.body for each in submission.runs]

    assert [body["displayName"] for body in bodies] == ["one", "two"]
    assert [body["runtimeConfig"]["parameterValues"]["rows"] for body in bodies] == [3, 4]
    [task] = bodies[1]["pipelineSpec"]["root"]["dag"]["tasks"].values()
    assert task["cachingOptions"] == {"enableCache": False}
    assert {body["labels"]["kfpkit-revision"] for body in bodies} == {commit_of(root)}
    assert all(
        re.fullmatch("[a-z]+-[0-9]{14}-[0-9a-f]{10}", e.request.run) for e in submission.runs
    )


def test_variables_and_options_reach_the_request_by_their_strength(plan, want, root):
    submission = plan("one", parameters={"rows": "9"})
    assert submission.runs[0].request.body["runtimeConfig"]["parameterValues"] == {"rows": 9}


def test_a_compiled_pipeline_is_submitted_as_it_is(plan, root):
    file = root / "pipelines" / "one.yaml"
    file.write_text(plan("one").runs[0].template.text)
    submission = plan("one.yaml", config=None, parameters={"rows": "3"}, run="mine")
    assert submission.runs[0].request.run == "mine"
    assert submission.runs[0].template.text == file.read_text()


def test_changes_are_visible_in_the_label_of_the_revision(plan, root):
    (root / "new.txt").write_text("x")
    label = plan("one").runs[0].request.body["labels"]["kfpkit-revision"]
    assert label == f"{commit_of(root)}-dirty"


def test_an_unknown_target_is_refused(plan):
    with pytest.raises(UnknownTargetError, match="Did you mean `dev`"):
        plan("one", target="def")


def test_one_fault_is_told_as_it_is(plan):
    with pytest.raises(InvalidConfigurationError, match="`row` is not a parameter"):
        plan("one", parameters={"row": "3"})
    with pytest.raises(MissingConfigError, match=r"big\.yaml does not exist"):
        plan("one", config="big.yaml")


def test_the_faults_of_all_pipelines_are_one_error(plan, root):
    (root / "pipelines/one/config/small.yaml").write_text("parameters: {rows: many}\n")
    (root / "pipelines/two/pipeline.py").write_text("import nothing_of_this_name.at_all()\n")
    with pytest.raises(SubmissionRefusedError) as refused:
        plan("", target="prod")
    message = str(refused.value)

    assert len(refused.value.faults) == 3
    assert message.startswith("Nothing was submitted, for 3 reasons:\n  The configuration has 1")
    assert "small.yaml:1: `rows` is 'many'" in message
    assert "pipelines/two/pipeline.py" in message
    assert "asks for a confirmation" in message


def test_production_asks_for_a_confirmation(plan, monkeypatch):
    with pytest.raises(ConfirmationError, match="add `--yes`") as refused:
        plan("one", target="prod")
    assert (refused.value.target, refused.value.place) == ("prod", "project `my-project-prod`")
    assert plan("one", target="prod", is_confirmed=True).target.name == "prod"
    monkeypatch.setenv("CI", "true")
    assert plan("one", target="prod").target.name == "prod"


def test_production_takes_no_changes_that_are_not_committed(plan, root):
    (root / "new.txt").write_text("x")
    with pytest.raises(UncommittedChangesError, match="has changes that are not committed"):
        plan("one", target="prod", is_confirmed=True)
    settings = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(settings + "allow-dirty = true\n")
    assert plan("one", target="prod", is_confirmed=True).target.allow_dirty


def test_production_takes_no_project_outside_a_repository(plan, root):
    (root / ".git").rename(root / "nothing")
    with pytest.raises(UncommittedChangesError, match="the project has no git commit") as refused:
        plan("one", target="prod", is_confirmed=True)
    assert refused.value.commit is None


DIGEST = "sha256:" + "1" * 64


@pytest.fixture
def own_images(lean, root, server, monkeypatch):
    """Let the pipeline `one` use the environment `all`, and return its image in a registry."""
    registry = f"{server.address.removeprefix('http://')}/tests"
    monkeypatch.setenv("KFPKIT_REGISTRY", registry)
    lean({"pyproject.toml": (root / "pyproject.toml").read_text()})
    file = root / "pipelines/one/pipeline.py"
    text = file.read_text().replace("from kfp import dsl", "import kfpkit\nfrom kfp import dsl")
    file.write_text(re.sub(r"@dsl\.component\(.*\)", '@kfpkit.component(environment="all")', text))
    return find_environment(find_project(root), "all").image


def answer_registry(server, image):
    """Let a server be a registry that has an image."""
    config = {"config": {"Labels": {HASH_LABEL: image.rpartition(":")[2]}}}
    manifest = {"config": {"digest": DIGEST, "size": 1}, "layers": []}
    headers = {"Docker-Content-Digest": DIGEST}
    server.answers["GET", "/v2/tests/all/manifests/"] = (200, manifest, headers)
    server.answers["GET", "/v2/tests/all/blobs/"] = (200, config)


def find_image(submission):
    spec = submission.runs[0].request.body["pipelineSpec"]
    [executor] = spec["deploymentSpec"]["executors"].values()
    return executor["container"]["image"]


def test_images_are_sent_by_digest(plan, own_images, server, root):
    answer_registry(server, own_images)
    pin = own_images.rpartition(":")[0] + f"@{DIGEST}"
    assert find_image(plan("one")) == pin

    file = root / "pipelines/one.yaml"
    compile_pipeline(load_pipeline(root / "pipelines/one"), file)
    assert own_images in file.read_text()
    options = {"config": None, "parameters": {"rows": "3"}}
    submission = plan("one.yaml", **options)
    assert find_image(submission) == pin
    assert submission.runs[0].template.text == file.read_text().replace(own_images, pin)


def test_an_image_that_was_never_pushed_is_refused(plan, own_images):
    with pytest.raises(UnpushedImageError, match="kfpkit env build all --push"):
        plan("one")


def test_a_pinned_image_that_is_gone_is_refused(plan, own_images, server, root):
    file = root / "pipelines/one.yaml"
    pin = own_images.rpartition(":")[0] + f"@{DIGEST}"
    pipeline = load_pipeline(root / "pipelines/one")
    compile_pipeline(pipeline, file, pins={own_images: pin})
    options = {"config": None, "parameters": {"rows": "3"}}
    with pytest.raises(GoneImagesError, match="They may have been deleted") as refused:
        plan("one.yaml", **options)
    assert refused.value.images == (pin,)

    answer_registry(server, own_images)
    assert find_image(plan("one.yaml", **options)) == pin


def test_images_of_environments_need_a_registry(plan, lean, root):
    lean({"pyproject.toml": (root / "pyproject.toml").read_text()})
    file = root / "pipelines/one/pipeline.py"
    text = file.read_text().replace("from kfp import dsl", "import kfpkit\nfrom kfp import dsl")
    own = '@kfpkit.component(environment="all")'
    file.write_text(re.sub(r"@dsl\.component\(.*\)", own, text))
    with pytest.raises(NoRegistryError):
        plan("one")
