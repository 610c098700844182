"""Locking writes the lock and the import names together, or nothing."""

from __future__ import annotations

import pytest

from kfpkit.environments import find_environment, require_fresh
from kfpkit.environments.locking.locking import lock_environment
from kfpkit.environments.venvs import has_virtual_environment
from kfpkit.errors import (
    IndexUnreachableError,
    InvalidEnvironmentError,
    ToolError,
    UninstallableLockError,
)
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_locking_writes_a_lock_import_names_and_the_runtime(tiny, cache, index):
    environment = tiny()
    environment.lock.path.unlink()
    environment.imports_file.unlink()

    locked = lock_environment(find_project(environment.folder), "tiny")

    require_fresh(locked)
    assert locked.provides("six").version == "1.17.0"
    assert "://" not in locked.lock.text
    assert "kfp==2.17.0" in (locked.folder.parent / "kfp-runtime.txt").read_text()
    assert has_virtual_environment(locked)
    assert sorted(contents(locked.folder)) == ["imports.json", "poetry.lock", "pyproject.toml"]


def test_locking_again_changes_nothing(tiny, cache, index):
    project = find_project(tiny().folder)
    first = contents(lock_environment(project, "tiny").folder)

    assert contents(lock_environment(project, "tiny").folder) == first


def test_what_cannot_be_resolved_leaves_the_environment_as_it_was(tiny, cache, index):
    environment = tiny()
    text = environment.pyproject.read_text().replace("six==1.17.0", "six==999")
    environment.pyproject.write_text(text)
    before = contents(environment.folder)

    with pytest.raises(ToolError, match="six"):
        lock_environment(find_project(environment.folder), "tiny")
    assert contents(environment.folder) == before


def test_what_has_no_wheel_leaves_the_environment_as_it_was(tiny, cache, index):
    environment = tiny()
    text = environment.pyproject.read_text().replace("six==1.17.0", "kfp-server-api==2.14.6")
    environment.pyproject.write_text(text)
    before = contents(environment.folder)

    with pytest.raises(UninstallableLockError, match=r"`kfp-server-api` 2\.14\.6 has no wheel"):
        lock_environment(find_project(environment.folder), "tiny")
    assert contents(environment.folder) == before


def test_without_a_network_locking_leaves_the_environment_as_it_was(
    tiny, cache, tmp_path, monkeypatch
):
    monkeypatch.setenv("POETRY_PYPI_MIRROR_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("POETRY_CACHE_DIR", str(tmp_path / "empty"))
    environment = tiny()
    before = contents(environment.folder)

    with pytest.raises(IndexUnreachableError, match="Check the network"):
        lock_environment(find_project(environment.folder), "tiny", upgrade=True)
    assert contents(environment.folder) == before


def test_a_locked_environment_is_found_as_it_is_now(tiny, cache, index):
    stale = tiny()
    before = stale.content.hash
    stale.pyproject.write_text(stale.pyproject.read_text().replace("six==1.17.0", "six>=1.16,<2"))
    project = find_project(stale.folder)

    locked = lock_environment(project, "tiny")

    assert locked == find_environment(project, "tiny")
    assert locked.content.hash != before


def test_a_project_named_like_its_dependency_is_refused(tiny):
    environment = tiny()
    text = environment.pyproject.read_text().replace('name = "tiny"', 'name = "six"')
    environment.pyproject.write_text(text)

    with pytest.raises(InvalidEnvironmentError, match='Write `name = "tiny-environment"`'):
        lock_environment(find_project(environment.folder), "tiny")
