"""What `make` does around pytest, in clones as continuous integration makes them."""

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[1] / "Makefile"


def git(folder, *command):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *command]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def branch(tmp_path):
    """Return a clone of a branch's newest commit, with the branch's base."""
    origin = tmp_path / "origin"
    origin.mkdir()
    shutil.copy(MAKEFILE, origin)
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "-m", "One")
    base = git(origin, "rev-parse", "HEAD")
    git(origin, "checkout", "--quiet", "-b", "change")
    for text in ("Two", "Three"):
        git(origin, "commit", "--quiet", "--allow-empty", "-m", text)
    options = ["--depth", "1", "--single-branch", "--branch", "change"]
    git(tmp_path, "clone", "--quiet", *options, f"file://{origin}", "clone")
    return tmp_path / "clone", base


@pytest.fixture
def revision(tmp_path):
    """Return a function that runs `make test` and returns what its pytest compares with."""
    program = tmp_path / "bin" / "pytest"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "since ${KFPKIT_CHANGED_SINCE-nothing} with $*"\n')
    program.chmod(0o755)

    def run(folder, *settings):
        command = ["make", "-s", "-o", ".venv/installed", "test", f"BIN={program.parent}"]
        done = subprocess.run(
            [*command, *settings], cwd=folder, check=True, capture_output=True, text=True
        )
        assert "--changed-since" not in done.stdout
        return done.stdout.removeprefix("since ").partition(" with ")[0]

    return run


def test_a_base_is_fetched_into_a_shallow_clone_and_compared_with(branch, revision):
    clone, base = branch
    subprocess.run(["make", "-s", "history", "BASE=main"], cwd=clone, check=True)

    assert revision(clone, "BASE=main") == base


def test_a_base_is_fetched_into_a_whole_clone_too(branch, revision):
    clone, base = branch
    git(clone, "fetch", "--quiet", "--unshallow")
    subprocess.run(["make", "-s", "history", "BASE=main"], cwd=clone, check=True)

    assert revision(clone, "BASE=main") == base


def test_without_the_base_all_tests_run(branch, revision):
    assert not revision(branch[0], "BASE=main")


def test_a_revision_of_the_caller_s_own_is_kept(branch, revision, monkeypatch):
    assert revision(branch[0]) == "nothing"
    monkeypatch.setenv("KFPKIT_CHANGED_SINCE", "v1")
    assert revision(branch[0]) == "v1"
