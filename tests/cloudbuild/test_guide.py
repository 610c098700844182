"""The guide to the Cloud Build files tells of every step, file and account."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
GUIDE = GUIDES / "continuous-integration.md"
RELEASE = GUIDES / "release.md"


@pytest.fixture
def guide(build_file) -> str:
    """Return the guide to a file."""
    page = RELEASE if build_file.path.name == "release.yaml" else GUIDE
    return page.read_text(encoding="utf-8")


def test_every_step_is_told_with_its_command(build_file, guide):
    rows = re.findall(r"^\| `(\S+)` \| `([^`]+)` \|", guide, re.MULTILINE)

    for step, command in zip(build_file.content["steps"], build_file.commands, strict=True):
        program = Path(command[0]).name
        told = [text.split("BASE=")[0].split() for name, text in rows if name == step["id"]]
        assert any([program, *command[1:]][: len(words)] == words for words in told), step["id"]


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_the_guide_makes_the_bucket_and_lets_the_account_write_to_it(build_file):
    content, text = build_file.content, GUIDE.read_text(encoding="utf-8")
    bucket = content["substitutions"]["_BUCKET"].replace("${PROJECT_ID}", "$PROJECT")
    account = content["serviceAccount"].rpartition("/")[2].partition("@")[0]

    assert f'gcloud storage buckets create "gs://{bucket}"' in text
    command = text.partition(f'gcloud storage buckets add-iam-policy-binding "gs://{bucket}"')[2]
    member, role, *_ = command.splitlines()[1:]
    assert f"serviceAccount:{account}@" in member
    assert role.strip() == "--role=roles/storage.objectCreator"


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_the_guide_pushes_the_builder_that_the_steps_run_in(build_file):
    text = GUIDE.read_text(encoding="utf-8")
    (image,) = {step["name"] for step in build_file.content["steps"]}
    registry, _, builder = image.rpartition("/")

    assert registry == "${_REGISTRY}"
    assert f'docker push "$REGION-docker.pkg.dev/$PROJECT/kfpkit/{builder}"' in text


@pytest.mark.parametrize("build_file", ["pull-request.yaml"], indirect=True)
def test_only_the_build_of_images_needs_an_image_of_one_s_own(build_file):
    images = {step["id"]: step["name"] for step in build_file.content["steps"]}

    assert images.pop("build") == "${_REGISTRY}/builder:1"
    assert set(images.values()) == {"${_PYTHON}"}
    assert build_file.content["substitutions"]["_PYTHON"].startswith("python:")


def test_the_guide_makes_the_file_s_trigger_and_account(build_file, guide):
    account = build_file.content["serviceAccount"].rpartition("/")[2].partition("@")[0]

    assert f"--build-config=cloudbuild/{build_file.path.name}" in guide
    assert f'--service-account="$ACCOUNTS/{account}@$PROJECT.iam.gserviceaccount.com"' in guide
    loop = rf"^for NAME in .*\b{account}\b.*; do\n  gcloud iam service"
    command = rf"^gcloud iam service-accounts create {account}$"
    assert re.search(f"{loop}|{command}", guide, re.MULTILINE)


def test_every_trigger_builds_for_the_region_that_the_reader_named():
    commands = re.findall(
        r"^gcloud builds triggers create (?:.*\\\n)+.*", GUIDE.read_text("utf-8"), re.MULTILINE
    )

    assert len(commands) == 5
    # The audit asks no registry.
    builds = [command for command in commands if "audit.yaml" not in command]
    assert all('--substitutions="_REGION=$REGION"' in command for command in builds)


@pytest.mark.parametrize("page", [GUIDE, RELEASE])
def test_every_role_that_is_granted_is_in_the_table(page):
    text = page.read_text(encoding="utf-8")
    granted = set(re.findall(r"--role=(roles/\S+)", text))
    granted.update(
        role
        for line in re.findall(r"^for ROLE in (.*); do", text, re.MULTILINE)
        for role in line.split()
    )

    assert granted
    assert all(re.search(rf"^\| .*\| `{role}` \|", text, re.MULTILINE) for role in granted)
