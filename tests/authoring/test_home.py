"""That a component notices what changes around it between two uses of one process."""

import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from kfpkit.authoring.home import active_project
from kfpkit.components.bigquery_query import bigquery_query
from kfpkit.errors import StaleLockError
from kfpkit.project.project import find_project

ENVIRONMENTS = Path(__file__).parents[2] / "environments"
ADDING = """\
import kfpkit


@kfpkit.component(environment="gcp")
def add(a: int) -> int:
    return a + 1
"""


@pytest.fixture
def root(project) -> Path:
    """Return a project with a locked environment and a component."""
    root = project(
        {"pyproject.toml": "[tool.kfpkit]\nregistry = 'eu.pkg.dev/one'\n", "lib/adding.py": ADDING}
    )
    shutil.copytree(ENVIRONMENTS / "gcp", root / "environments" / "gcp")
    return root


@pytest.fixture
def add(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "lib")
    return importlib.import_module("adding").add


def image(component) -> str:
    return component.component_spec.implementation.container.image


def write(file, text) -> None:
    file.write_text(text)
    # Two edits within the file system's resolution would look alike.
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))


def test_nothing_is_done_anew_while_nothing_changes(add):
    assert add.component_spec is add.component_spec


def test_a_changed_setting_is_noticed(add, root):
    assert image(add).startswith("eu.pkg.dev/one/gcp:")

    write(root / "pyproject.toml", "[tool.kfpkit]\nregistry = 'eu.pkg.dev/two'\n")

    assert image(add).startswith("eu.pkg.dev/two/gcp:")


def test_a_registry_in_the_environment_is_noticed(add, monkeypatch):
    assert image(add).startswith("eu.pkg.dev/one/gcp:")

    monkeypatch.setenv("KFPKIT_REGISTRY", "eu.pkg.dev/stage")

    assert image(add).startswith("eu.pkg.dev/stage/gcp:")


def test_a_nearer_project_is_noticed(add, root):
    assert image(add).startswith("eu.pkg.dev/one/gcp:")

    (root / "environments").rename(root / "lib" / "environments")
    write(root / "lib" / "pyproject.toml", "[tool.kfpkit]\nregistry = 'eu.pkg.dev/near'\n")

    assert image(add).startswith("eu.pkg.dev/near/gcp:")


def test_a_project_without_settings_is_noticed_when_it_gets_some(add, root):
    write(root / "pyproject.toml", "")
    assert image(add).startswith("kfpkit/gcp:")

    write(root / "pyproject.toml", "[tool.kfpkit]\nregistry = 'eu.pkg.dev/late'\n")

    assert image(add).startswith("eu.pkg.dev/late/gcp:")


def test_a_source_root_that_appears_is_noticed(add, root):
    before = add.component_spec

    (root / "src").mkdir()

    assert add.component_spec is not before


@pytest.mark.parametrize("file", ["poetry.lock", "imports.json"])
def test_an_environment_that_changes_is_noticed(add, root, file):
    assert add.component_spec

    (root / "environments" / "gcp" / file).unlink()

    with pytest.raises(StaleLockError):
        _ = add.component_spec


def test_a_base_dockerfile_of_the_project_is_noticed(add, root):
    before = image(add)

    (root / "environments" / "Dockerfile").write_text("FROM scratch\n")

    assert image(add) != before


def test_the_catalogue_belongs_to_the_active_project_and_else_to_the_working_folder_s(
    root, tmp_path, monkeypatch
):
    other = tmp_path / "other"
    shutil.copytree(root, other)
    write(other / "pyproject.toml", "[tool.kfpkit]\nregistry = 'eu.pkg.dev/other'\n")
    component = bigquery_query.in_environment("gcp")
    monkeypatch.chdir(root)

    assert image(component).startswith("eu.pkg.dev/one/gcp:")
    with active_project(find_project(other)):
        assert image(component).startswith("eu.pkg.dev/other/gcp:")
    assert image(component).startswith("eu.pkg.dev/one/gcp:")
    monkeypatch.chdir(other)
    assert image(component).startswith("eu.pkg.dev/other/gcp:")


@pytest.fixture(autouse=True)
def _own_imports():
    """Let each test import a module of the same name from a project of its own."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
