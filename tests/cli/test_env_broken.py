"""`kfpkit env`, where one environment is broken and another is in order."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from images.small_environments import environment_files

RUNTIME = {"environments/kfp-runtime.txt": "kfp==2.17.0 --hash=sha256:0\n"}


def merge_marks(folder):
    lock = folder / "poetry.lock"
    lock.write_text(lock.read_text().replace("\n[metadata]", "\n<<<<<<< HEAD\n[metadata]"))


def other_content(folder):
    (folder / "poetry.lock").write_text("package = 3\n[metadata]\ncontent-hash = 5\n")


def other_encoding(folder):
    (folder / "poetry.lock").write_bytes(b"\xff\xfe")


def edited_lock(folder):
    lock = folder / "poetry.lock"
    lock.write_text(lock.read_text().replace("1.17.0", "1.16.0"))


def no_lock(folder):
    (folder / "poetry.lock").unlink()


def no_description(folder):
    (folder / "pyproject.toml").unlink()


def broken_description(folder):
    (folder / "pyproject.toml").write_text("[project\n")


LOCK_ANEW = "or run `kfpkit env lock other --upgrade` to lock the latest allowed versions."
LOCK = "Run `kfpkit env lock other` and commit the result."
BROKEN = [
    (merge_marks, "other/poetry.lock", LOCK_ANEW),
    (other_content, "other/poetry.lock", LOCK_ANEW),
    (other_encoding, "other/poetry.lock", LOCK_ANEW),
    (edited_lock, "other/imports.json", LOCK),
    (no_lock, "other/poetry.lock", LOCK),
    (broken_description, "other/pyproject.toml", "Correct the file."),
    (no_description, "other", "run `kfpkit env lock other`, or delete the folder."),
]


@pytest.fixture
def environments(project):
    """Return a folder with the environments `tiny`, which is in order, and `other`."""
    return project(RUNTIME | environment_files() | environment_files("other")) / "environments"


@pytest.fixture
def kfpkit(environments):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", "env", *arguments]
        folder = environments.parent
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize(("break_it", "file", "remedy"), BROKEN)
def test_check_says_once_what_is_wrong(kfpkit, environments, break_it, file, remedy):
    break_it(environments / "other")

    done = kfpkit("check")

    assert done.returncode == 1
    wrong, fine = done.stdout.splitlines()
    assert wrong.startswith(f"other: {environments / file}: ")
    assert wrong.endswith(remedy)
    assert fine == "tiny: ok"


@pytest.mark.parametrize(
    ("break_it", "file", "remedy"), [each for each in BROKEN if each[0] != no_lock]
)
def test_list_says_what_is_wrong_and_shows_the_others(kfpkit, environments, break_it, file, remedy):
    break_it(environments / "other")

    done = kfpkit("list")

    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()[1:3]] == ["other", "tiny"]
    assert done.stderr.startswith(f"error: {environments / file}: ")
    assert done.stderr.endswith(f"{remedy}\n")


def test_what_tools_and_git_leave_behind_is_no_environment(kfpkit, environments):
    for name in ("other/__pycache__", "other/.venv", ".idea/parts", "empty"):
        (environments / name).mkdir(parents=True)
    for file in ("pyproject.toml", "poetry.lock", "imports.json"):
        (environments / "other" / file).unlink()

    assert kfpkit("check").stdout == "tiny: ok\n"


def test_a_folder_without_a_description_keeps_no_plan_from_being_made(kfpkit, environments):
    no_description(environments / "other")

    done = kfpkit("plan", "--offline", "--json")

    assert [entry["name"] for entry in json.loads(done.stdout)["environments"]] == ["tiny"]


def test_a_broken_lock_is_not_taken_for_the_versions_to_keep(kfpkit, environments):
    merge_marks(environments / "other")

    done = kfpkit("lock", "other")

    assert done.returncode == 1
    assert done.stderr.endswith(f"{LOCK_ANEW}\n")


@pytest.mark.slow
def test_a_broken_lock_is_mended_as_the_refusal_says(kfpkit, environments, index):
    merge_marks(environments / "other")
    (environments / "kfp-runtime.txt").unlink()  # its hash is made up

    assert kfpkit("lock", "other", "--upgrade").returncode == 0
    assert kfpkit("check", "other").stdout == "other: ok\n"
