"""Compiled pipelines become versions on a Kubeflow server, once each."""

import subprocess

import pytest
from kubeflow_server import AFTER, BEFORE, RefusalError

from kfpkit.errors import KubeflowDeniedError, VersionTagsError, VersionTakenError
from kfpkit.project import find_project
from kfpkit.targets import WantedTemplates, plan_upload, send_upload


@pytest.fixture
def upload(root, connection):
    def store(pipeline="pipelines/one", **options):
        wanted = WantedTemplates(
            pipelines=(root / pipeline,), name="one", target="cluster", **options
        )
        [stored] = send_upload(plan_upload(wanted, find_project(root)), connection)
        return stored

    return store


@pytest.fixture
def commit(root):
    def run():
        git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.com"]
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
            subprocess.run([*git, *command], check=True)
        asked = [*git, "rev-parse", "HEAD"]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout[:12]

    (root / ".gitignore").write_text("__pycache__/\n.kfpkit/\n")
    return run


def test_a_version_is_named_after_the_commit_and_stored_once(upload, server, commit):
    revision = commit()
    stored = upload()
    [pipeline] = server.pipelines.values()
    [version] = server.versions.values()
    assert (pipeline.display_name, pipeline.namespace) == ("one", "team")
    assert (version.display_name, stored.tags) == (revision, (revision,))
    assert version.pipeline_spec["pipelineInfo"]["name"] == "one"
    assert f"kfpkit-revision: {revision}" in version.description
    assert stored.address == (
        f"{server.address}/#/pipelines/details/{pipeline.pipeline_id}"
        f"/version/{version.pipeline_version_id}"
    )
    assert upload().address == stored.address
    assert (len(server.pipelines), len(server.versions)) == (1, 1)
    assert not server.runs


def test_a_version_without_a_commit_is_named_after_its_content(upload, server):
    digest = upload().planned.template.digest
    assert [each.display_name for each in server.versions.values()] == [f"sha256-{digest[:12]}"]


def test_another_content_of_the_same_commit_is_refused(upload, server, commit, root):
    commit()
    text = (root / "pipelines/one/pipeline.py").read_text()
    (root / "other.py").write_text(text.replace('text: str = "a"', 'text: str = "b"'))
    upload()
    with pytest.raises(VersionTakenError, match="commit your changes") as refused:
        upload("other.py")
    assert refused.value.version.endswith("-dirty")
    assert len(server.versions) == 1


def test_a_version_that_kfpkit_has_not_recorded_is_refused(upload, server):
    upload()
    [version] = server.versions.values()
    version.description = None
    with pytest.raises(VersionTakenError):
        upload()


@pytest.mark.parametrize("fault", [BEFORE, AFTER, RefusalError(14, "busy")])
@pytest.mark.parametrize("request_number", range(5))
def test_an_upload_whose_answer_is_lost_makes_one_version(upload, server, fault, request_number):
    server.faults.extend([*[None] * request_number, fault])
    upload()
    assert (len(server.pipelines), len(server.versions)) == (1, 1)


def test_an_upload_that_is_not_allowed_says_why(upload, server):
    answer = (403, {"error_message": "User ann may not create pipelines", "error_details": ""}, {})
    server.faults.extend([None, None, None, answer])
    with pytest.raises(KubeflowDeniedError, match="User ann may not create pipelines"):
        upload()


def test_tags_are_refused(upload, server):
    with pytest.raises(VersionTagsError, match="Leave out `--tag`"):
        upload(tags=("v1",))
    assert not server.requests
