"""The commit that an image names."""

from __future__ import annotations

import subprocess

import pytest

from kfpkit.environments import find_environment
from kfpkit.images.revision import ask_revision


def git(folder, *arguments: str) -> str:
    identity = ["-c", "user.name=tests", "-c", "user.email=tests@localhost"]
    command = ["git", "-C", folder, *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def committed(tiny):
    """Write a project with all its files in one commit; return its root."""
    root = tiny().root
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "All")
    return root


@pytest.fixture
def environment(committed, tiny):
    return find_environment(tiny(), "tiny")


def test_an_image_names_the_commit_that_has_its_files(environment, committed):
    (committed / "pipeline.py").write_text("changed = True\n")

    assert ask_revision(environment) == git(committed, "rev-parse", "HEAD")


@pytest.mark.parametrize("file", ["tiny/poetry.lock", "tiny/new.txt", "Dockerfile"])
def test_files_that_no_commit_has_are_told(environment, committed, file):
    (committed / "environments" / file).write_text("changed\n")

    assert ask_revision(environment) == f"{git(committed, 'rev-parse', 'HEAD')}-dirty"


def test_there_is_no_commit_outside_a_repository(tiny, caplog, monkeypatch):
    project = tiny()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.root.parent))

    assert ask_revision(find_environment(project, "tiny")) is None
    assert not caplog.records


def test_a_repository_without_a_commit_has_none(tiny, caplog):
    project = tiny()
    git(project.root, "init", "--quiet")

    assert ask_revision(find_environment(project, "tiny")) is None
    assert not caplog.records


def test_what_git_says_when_it_refuses_is_logged(environment, monkeypatch, caplog):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    assert ask_revision(environment) is None
    (record,) = caplog.records
    assert "the environment `tiny`, so its image does not record it" in record.getMessage()
    assert "dubious ownership" in record.getMessage()


def test_without_git_there_is_no_commit(environment, monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert ask_revision(environment) is None
    assert not caplog.records
