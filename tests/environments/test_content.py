"""What the content hash is made from, and what changed in it."""

from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import replace

import pytest

from kfpkit.environments import Environment
from kfpkit.environments.content import describe_changes
from kfpkit.environments.recipe import BUILD_SCRIPTS, PACKAGED_DOCKERFILE

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
    assert pinned.content.hash == "3d77e80a55c6ad44"
    assert pinned.content.packages_hash == "cce7f54738a085d5"


def test_the_parts_are_told_short_or_by_their_digests(pinned):
    assert pinned.content.parts == {
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
    was, before = pinned.content.parts, pinned.content.hash
    with (pinned.folder.parent / file).open("a") as opened:
        opened.write(more)
    now = replace(pinned)

    assert now.content.hash != before
    assert describe_changes(was, now.content.parts) == tuple(changed)


@pytest.mark.parametrize(
    "file", ["Dockerfile", "kfp-runtime.txt", "pinned/poetry.lock", "pinned/pyproject.toml"]
)
def test_a_comment_changes_no_content_hash(pinned, file):
    was, before = pinned.content.parts, pinned.content.hash
    commented = pinned.folder.parent / file
    commented.write_text(f"# What follows is explained here.\n{commented.read_text()}")
    now = replace(pinned)

    assert now.content.hash == before
    assert describe_changes(was, now.content.parts) == ()


def test_changes_are_told_by_part_and_short_ones_with_their_values():
    before = {"Python": "3.11", "lock": "a", "Dockerfile": "b"}
    now = {"Python": "3.12", "lock": "a", "Dockerfile": "c"}

    assert describe_changes(before, now) == ("Python (3.11 → 3.12)", "Dockerfile")


def test_a_part_that_an_older_kfpkit_did_not_record_is_no_change():
    assert describe_changes({"lock": "a"}, {"lock": "a", "kfp-runtime.txt": "b"}) == ()


def test_a_projects_own_dockerfile_comes_before_the_one_that_kfpkit_brings(pinned):
    own = pinned.dockerfile
    before = pinned.content.hash
    own.unlink()

    assert own == pinned.folder.parent / "Dockerfile"
    assert replace(pinned).dockerfile == PACKAGED_DOCKERFILE
    assert replace(pinned).content.hash != before


def test_the_content_hash_is_the_same_in_another_folder_with_other_times(tiny, tmp_path):
    environment = tiny()
    elsewhere = tmp_path / "elsewhere" / "environments"
    shutil.copytree(environment.folder.parent, elsewhere, copy_function=shutil.copyfile)
    os.utime(elsewhere / "tiny" / "poetry.lock", (0, 0))

    copied = replace(environment, folder=elsewhere / "tiny")

    assert copied.content.hash == environment.content.hash


def test_line_endings_do_not_change_the_content_hash(tiny):
    environment = tiny()
    for file in (environment.pyproject, environment.lock.path):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert replace(environment).content.hash == environment.content.hash


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("tiny/pyproject.toml", '\n[tool.kfpkit.environment]\nsystem-packages = ["libgomp1"]\n'),
        ("tiny/pyproject.toml", '\n[tool.kfpkit.environment]\nbase-image = "python:3"\n'),
        ("tiny/poetry.lock", "\n"),
        ("Dockerfile", "FROM scratch\n"),
        ("kfp-runtime.txt", "kfp==2.17.1 --hash=sha256:0\n"),
    ],
)
def test_whatever_changes_the_image_changes_the_content_hash(tiny, path, more):
    environment = tiny()
    before = environment.content.hash
    with (environment.folder.parent / path).open("a") as file:
        file.write(more)

    assert replace(environment).content.hash != before


@pytest.mark.parametrize(
    ("path", "more", "matters"),
    [
        ("tiny/poetry.lock", "[more]\n", True),
        ("kfp-runtime.txt", "six==1.17.0\n", True),
        ("kfp-runtime.txt", "# a comment\n", False),
        ("tiny/pyproject.toml", 'description = "more"\n', False),
        ("Dockerfile", "USER 1000\n", False),
    ],
)
def test_a_virtual_environment_depends_on_what_it_holds(tiny, path, more, matters):
    environment = tiny()
    shutil.copy(environment.runtime_requirements, environment.folder.parent / "kfp-runtime.txt")
    before = environment.content.packages_hash
    with (environment.folder.parent / path).open("a") as file:
        file.write(f"\n{more}")

    assert (replace(environment).content.packages_hash != before) is matters


@pytest.mark.parametrize(
    ("own", "counts"), [("", True), ("FROM scratch\n", False), ("COPY in_build /in_build\n", True)]
)
def test_scripts_count_into_the_recipe_where_the_dockerfile_runs_them(tiny, own, counts):
    environment = tiny()
    if own:
        (environment.folder.parent / "Dockerfile").write_text(own)

    assert "FROM" in environment.content.recipe or "COPY" in environment.content.recipe
    functions = [
        found
        for file in BUILD_SCRIPTS.glob("*.py")
        for found in re.findall(r"^def .*$", file.read_text(), re.MULTILINE)
    ]
    assert functions
    assert all((function in environment.content.recipe) is counts for function in functions)


def test_a_hundred_content_hashes_take_less_than_a_second(tiny):
    environment = tiny()
    environment.lock.path.write_text(environment.lock.path.read_text() + "# long\n" * 20_000)

    start = time.process_time()
    for _ in range(100):
        assert replace(environment).image
    assert time.process_time() - start < 1
