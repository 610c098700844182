"""What `make` does around pytest, in clones as continuous integration makes them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict
from misbehaving import refused_address, serve

from kfpkit.environments import find_environment_of_image
from kfpkit.loading.pipelines import load_pipeline
from kfpkit.project.project import find_project

__all__ = ["refused_address", "serve"]  # fixtures

ROOT = Path(__file__).parents[1]
MAKEFILE = ROOT / "Makefile"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHER = "3.12" if HERE == "3.11" else "3.11"


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


@pytest.fixture
def pythons(tmp_path):
    """Return a function that runs `.ci/pythons` where only the Python of these tests is found."""
    folder = tmp_path / "path"
    folder.mkdir()
    for name in ("sed", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    (folder / f"python{HERE}").symlink_to(getattr(sys, "_base_executable", sys.executable))
    variables = {"PATH": str(folder), "HOME": str(tmp_path / "home")}

    def run(*arguments, **more):
        command = [ROOT / ".ci" / "pythons", *map(str, arguments)]
        environ = variables | more
        return subprocess.run(command, capture_output=True, text=True, env=environ, check=False)

    return run


def described(folder, python):
    folder.mkdir()
    (folder / "pyproject.toml").write_text(f'[project]\nrequires-python = "=={python}.*"\n')
    return folder


def test_the_author_s_python_is_the_newest_that_works(pythons, tmp_path):
    for version in {"3.13", "3.12", "3.11", "3.10"} - {HERE}:
        launcher = tmp_path / "path" / f"python{version}"
        launcher.write_text("#!/bin/sh\necho no such version >&2\nexit 127\n")
        launcher.chmod(0o755)
    done = pythons("author")

    assert (done.stdout, done.stderr) == (f"{tmp_path}/path/python{HERE}\n", "")


def test_pyenv_s_versions_are_found_whether_active_or_not(pythons, tmp_path):
    found = tmp_path / "path" / f"python{HERE}"
    active = tmp_path / "pyenv" / "versions" / f"{HERE}.7" / "bin" / "python"
    active.parent.mkdir(parents=True)
    found.rename(active)

    assert pythons("author", PYENV_ROOT=str(tmp_path / "pyenv")).stdout == f"{active}\n"


def test_without_any_python_nothing_is_installed(pythons, tmp_path):
    (tmp_path / "path" / f"python{HERE}").unlink()
    done = pythons("author")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Install one, with `apt install python3 python3-venv`" in done.stderr


def test_no_python_is_missing_where_all_environments_have_the_author_s(pythons, tmp_path):
    done = pythons("need", described(tmp_path / "one", HERE), described(tmp_path / "two", HERE))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_python_that_uv_cannot_download_ends_the_command_with_the_remedy(
    pythons, tmp_path, refused_address
):
    folder = described(tmp_path / "one", OTHER)
    mirror = f"http://{refused_address}"
    done = pythons("need", folder, UV_PYTHON_INSTALL_MIRROR=mirror)

    assert done.returncode == 1
    assert f"lacks a Python that environments need: {OTHER}.\n" in done.stderr
    assert f"{mirror} does not answer" in done.stderr
    assert f"`pyenv install {OTHER}`" in done.stderr


def test_a_missing_python_that_uv_can_download_is_told_before_anything_is_installed(
    pythons, tmp_path, serve
):
    mirror = f"http://{serve(lambda request: request.send(404))}"
    done = pythons("need", described(tmp_path / "one", OTHER), UV_PYTHON_INSTALL_MIRROR=mirror)

    assert done.returncode == 0
    assert f"{OTHER}.\nuv downloads it from {mirror}.\n" in done.stderr


def test_the_makefile_names_the_environments_of_a_run():
    named = re.search(r"^RUN_ENVIRONMENTS := (.*)$", MAKEFILE.read_text(), re.MULTILINE)
    project = find_project(ROOT)
    used = {"emulators"}
    for pipeline in ("seed", "training"):
        loaded = MessageToDict(load_pipeline(ROOT / "pipelines" / pipeline).pipeline_spec)
        for executor in loaded["deploymentSpec"]["executors"].values():
            found = find_environment_of_image(project, executor["container"]["image"])
            used |= {found.name} if found else set()

    assert set(named[1].split()) == used
