"""Compiled pipelines are stored for a target, and nothing runs."""

import pytest
from vertex_server import make_error

from kfpkit.errors import (
    ConfirmationError,
    InvalidTagError,
    PermissionDeniedError,
    SubmissionRefusedError,
    TagsWithoutRepositoryError,
)
from kfpkit.project import find_project
from kfpkit.targets import WantedTemplates, plan_submission, plan_upload, send_upload

REPOSITORY = "https://europe-west4-kfp.pkg.dev/my-project/pipelines"


@pytest.fixture
def plan(root):
    def make(*pipelines, target="dev", **options):
        wanted = WantedTemplates(
            pipelines=tuple(root / "pipelines" / each for each in pipelines),
            target=target,
            **options,
        )
        return plan_upload(wanted, find_project(root))

    return make


@pytest.fixture
def has_repository(root):
    """Give the target `dev` a repository of templates."""
    file = root / "pyproject.toml"
    place = 'pipeline-root = "gs://my-bucket/root"\n'
    file.write_text(
        file.read_text().replace(place, f'{place}template-repository = "{REPOSITORY}"\n')
    )


def test_pipelines_are_stored_under_their_digests_and_nothing_runs(plan, connection, server):
    stored = list(send_upload(plan(""), connection))

    addresses = [
        f"gs://my-bucket/root/templates/{name}/{each.planned.template.digest}.yaml"
        for name, each in zip(("one", "two"), stored, strict=True)
    ]
    assert [each.address for each in stored] == addresses
    assert [path.partition("?")[0] for _, path, *_ in server.requests] == [
        "/upload/storage/v1/b/my-bucket/o"
    ] * 2
    assert not server.jobs


def test_what_is_stored_is_what_a_submission_runs(plan, want, root):
    [planned] = plan_submission(want("one"), find_project(root)).runs
    assert plan("one").templates[0].template.text == planned.template.text


@pytest.mark.usefixtures("has_repository")
def test_versions_get_the_target_the_commit_and_the_chosen_tags(plan):
    upload = plan("one", tags=("v1.2", "Stable", "dev"))
    target, commit, *chosen = upload.tags
    assert target == "dev"
    assert commit.endswith("-dirty")
    assert chosen == ["v1-2", "stable"]


def test_tags_without_a_repository_are_refused(plan, server):
    with pytest.raises(TagsWithoutRepositoryError, match="set `template-repository`") as refused:
        plan("one", tags=("v1",))
    assert refused.value.tags == ("v1",)
    assert not server.requests


@pytest.mark.parametrize("tag", ["", "..."])
@pytest.mark.usefixtures("has_repository")
def test_a_tag_without_a_character_is_refused(plan, tag):
    with pytest.raises(InvalidTagError, match=f"The tag `{tag}` has no letter"):
        plan("one", tags=(tag,))


def test_a_target_that_asks_for_it_is_confirmed(plan):
    with pytest.raises(ConfirmationError):
        plan("one", target="prod")
    assert plan("one", target="prod", is_confirmed=True).templates


def test_all_faults_are_one_error_and_nothing_is_sent(plan, root, server):
    for name in ("one", "two"):
        (root / f"pipelines/{name}/pipeline.py").write_text("import kfp\nundefined\n")
    with pytest.raises(SubmissionRefusedError) as refused:
        plan("one", "two")
    assert len(refused.value.faults) == 2
    assert not server.requests


def test_a_repository_that_must_not_be_written_is_named(plan, connection, server):
    server.answers["POST", "/upload/"] = make_error(403, "no storage.objects.create access")
    with pytest.raises(PermissionDeniedError, match=r"storage\.objects\.create"):
        list(send_upload(plan("one"), connection))
