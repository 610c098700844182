"""What nothing names any longer goes from the cache; what anybody uses stays."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from kfpkit import files
from kfpkit.environments.venvs import (
    ensure_plain_virtual_environment,
    ensure_virtual_environment,
    in_use,
    users,
)
from kfpkit.environments.venvs.cleaning import clean_cache, survey_cache

pytestmark = pytest.mark.slow

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def made(tiny, cache):
    """Make the virtual environment of `tiny`; gives the environment and the folder."""
    environment = tiny()
    return environment, ensure_virtual_environment(environment)


def change_lock(environment):
    """Change the lock to one that names another virtual environment."""
    environment.lock.path.write_text(f"{environment.lock.path.read_text()}\n# changed\n")


def verdicts(remnants):
    return {remnant.path.name.split("-")[0]: remnant.kept_by for remnant in remnants}


def test_one_that_a_lock_names_stays(made):
    environment, folder = made
    assert verdicts(clean_cache())["tiny"] == str(environment.folder)
    assert folder.exists()


def test_one_that_no_lock_names_goes_with_its_record(made):
    environment, folder = made
    change_lock(environment)

    [gone] = [remnant for remnant in clean_cache() if remnant.path == folder]

    assert gone.can_go
    assert not folder.exists()
    assert not folder.with_name(f"{folder.name}.users").exists()


def test_looking_removes_nothing(made):
    environment, folder = made
    change_lock(environment)
    assert verdicts(survey_cache())["tiny"] == ""
    assert folder.exists()


def test_one_of_an_environment_that_is_gone_goes(made):
    environment, folder = made
    shutil.rmtree(environment.folder)
    clean_cache()
    assert not folder.exists()


def test_one_that_another_project_names_stays(made, tmp_path):
    environment, folder = made
    clone = tmp_path / "clone"
    shutil.copytree(environment.folder.parent.parent, clone)
    code = (
        "import sys; from pathlib import Path\n"
        "from kfpkit.project.project import find_project\n"
        "from kfpkit.environments import find_environment\n"
        "from kfpkit.environments.venvs import ensure_virtual_environment\n"
        "ensure_virtual_environment(find_environment(find_project(Path(sys.argv[1])), 'tiny'))"
    )
    subprocess.run([sys.executable, "-c", code, str(clone)], check=True)
    change_lock(environment)

    assert verdicts(clean_cache())["tiny"] == str(clone / "environments" / "tiny")
    assert folder.exists()


def test_one_whose_lock_cannot_be_read_stays(made):
    environment, _ = made
    environment.lock.path.unlink()
    assert verdicts(clean_cache())["tiny"] == str(environment.folder)


def test_a_long_record_forgets_what_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(users, "_MANY", 3)
    venv = tmp_path / "venv"
    lasting, *_ = projects = [tmp_path / name for name in ("a", "b", "c", "d", "e")]
    lasting.mkdir()
    for project in projects[:4]:
        users.record_user(venv, project)
        users.record_user(venv, project)
    assert users.read_users(venv) == [str(lasting), str(projects[3])]


def test_one_in_use_stays(made):
    environment, folder = made
    change_lock(environment)
    with in_use(folder):
        assert verdicts(clean_cache())["tiny"] == "a process that uses it"
    assert folder.exists()


def test_one_that_env_run_has_started_a_command_in_stays(made):
    environment, folder = made
    command = [sys.executable, "-m", "kfpkit", "env", "run", "tiny", "--", "cat"]
    with subprocess.Popen(
        command, cwd=environment.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        running.stdin.write(b"started\n")
        running.stdin.flush()
        assert running.stdout.readline() == b"started\n"
        change_lock(environment)
        assert verdicts(clean_cache())["tiny"] == "a process that uses it"
    clean_cache()
    assert not folder.exists()


def test_one_without_a_record_stays(made):
    _, folder = made
    folder.with_name(f"{folder.name}.users").unlink()
    assert "did not record its users" in verdicts(clean_cache())["tiny"]


def test_kfpkits_own_stay_while_its_requirements_say_the_same(cache):
    folder = ensure_plain_virtual_environment(HERE)
    assert verdicts(clean_cache())["plain"].endswith(".txt")
    assert folder.exists()


def test_what_a_killed_build_has_left_goes_unless_one_goes_on(made):
    _, folder = made
    left = folder.with_name(f"{folder.name}.making-0123")
    left.mkdir()
    with files.held(folder.with_name(f"{folder.name}.lock"), waiting=pytest.fail):
        clean_cache()
    assert left.exists()
    clean_cache()
    assert not left.exists()
    assert folder.exists()


def test_an_empty_cache_is_clean(tmp_path, monkeypatch):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path / "none"))
    assert clean_cache() == []
