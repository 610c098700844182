"""What the content hash is made from, and what changed in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kfpkit.environments import Environment
from kfpkit.environments.content import describe_changes
from kfpkit.environments.environment import PACKAGED_DOCKERFILE

FILES = {
    "environments/Dockerfile": "FROM scratch\n",
    "environments/kfp-runtime.txt": "kfp==2.17.0 --hash=sha256:0\n",
    "environments/pinned/pyproject.toml": (
        '[project]\nname = "pinned"\nrequires-python = ">=3.12,<3.13"\n'
    ),
    "environments/pinned/poetry.lock": "# Poetry 2.5.1\n[lock]\n",
}


@pytest.fixture
def pinned(project) -> Environment:
    return Environment(
        name="pinned", folder=project(FILES) / "environments" / "pinned", registry="r"
    )


def test_the_content_hash_of_the_same_content_never_changes(pinned):
    assert pinned.content_hash == "3d77e80a55c6ad44"
    assert pinned.packages_hash == "cce7f54738a085d5"


def test_the_parts_are_told_short_or_by_their_digests(pinned):
    assert pinned.parts == {
        "base image": "python:3.12-slim-bookworm",
        "Python": "3.12",
        "kfp": "2.17.0",
        "lock": "17c38e4e15022d93",
        "pyproject.toml": "6149d1c5c386f2c9",
        "Dockerfile": "bb57c7da220a8753",
        "kfp-runtime.txt": "30d21f02475a5ee8",
    }


@pytest.mark.parametrize(
    ("file", "more", "changed"),
    [
        ("pinned/poetry.lock", "[more]\n", ["lock"]),
        ("pinned/pyproject.toml", 'description = "more"\n', ["pyproject.toml"]),
        ("Dockerfile", "USER 1000\n", ["Dockerfile"]),
        ("kfp-runtime.txt", "six==1.17.0\n", ["kfp-runtime.txt"]),
        (
            "pinned/pyproject.toml",
            '[tool.kfpkit.environment]\nbase-image = "python:3@sha256:0a"\n',
            ["base image (python:3.12-slim-bookworm → python:3@sha256:0a)", "pyproject.toml"],
        ),
    ],
)
def test_whatever_changes_the_content_hash_is_told(pinned, file, more, changed):
    was, before = pinned.parts, pinned.content_hash
    with (pinned.folder.parent / file).open("a") as opened:
        opened.write(more)
    now = replace(pinned)

    assert now.content_hash != before
    assert describe_changes(was, now.parts) == tuple(changed)


@pytest.mark.parametrize(
    "file", ["Dockerfile", "kfp-runtime.txt", "pinned/poetry.lock", "pinned/pyproject.toml"]
)
def test_a_comment_changes_no_content_hash(pinned, file):
    was, before = pinned.parts, pinned.content_hash
    commented = pinned.folder.parent / file
    commented.write_text(f"# What follows is explained here.\n{commented.read_text()}")
    now = replace(pinned)

    assert now.content_hash == before
    assert describe_changes(was, now.parts) == ()


def test_changes_are_told_by_part_and_short_ones_with_their_values():
    before = {"Python": "3.11", "lock": "a", "Dockerfile": "b"}
    now = {"Python": "3.12", "lock": "a", "Dockerfile": "c"}

    assert describe_changes(before, now) == ("Python (3.11 → 3.12)", "Dockerfile")


def test_a_part_that_an_older_kfpkit_did_not_record_is_no_change():
    assert describe_changes({"lock": "a"}, {"lock": "a", "kfp-runtime.txt": "b"}) == ()


def test_a_projects_own_dockerfile_comes_before_the_one_that_kfpkit_brings(pinned):
    own = pinned.dockerfile
    before = pinned.content_hash
    own.unlink()

    assert own == pinned.folder.parent / "Dockerfile"
    assert replace(pinned).dockerfile == PACKAGED_DOCKERFILE
    assert replace(pinned).content_hash != before
