"""kfpkit's own environments, as a project takes them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kfpkit.environments import list_environments, list_shipped_names, require_fresh
from kfpkit.environments.locking.blueprint import Blueprint
from kfpkit.environments.locking.creation import create_environment
from kfpkit.environments.shipped import find_shipped
from kfpkit.errors import EnvironmentExistsError, UnknownShippedEnvironmentError
from kfpkit.project.project import find_project

REPOSITORY = Path(__file__).parents[2]
FILES = ("imports.json", "poetry.lock", "pyproject.toml")


@pytest.fixture
def lonely(project):
    """Find a project that has no environment."""
    return find_project(project({}))


def test_kfpkit_ships_the_environments_of_its_repository():
    own = list_environments(find_project(REPOSITORY))

    assert list_shipped_names() == tuple(one.name for one in own)
    assert {"emulators", "gcp", "sklearn", "xgboost-3"} <= set(list_shipped_names())


@pytest.mark.parametrize("name", list_shipped_names())
def test_each_comes_with_its_lock_and_is_fresh(lonely, name):
    made = create_environment(lonely, Blueprint(name=name, like=f"kfpkit:{name}"))

    require_fresh(made)
    for file in FILES:
        own = REPOSITORY / "environments" / name / file
        assert (made.folder / file).read_bytes() == own.read_bytes()


def test_it_may_have_another_name_and_brings_kfps_runtime(lonely):
    made = create_environment(lonely, Blueprint(name="tables", like="kfpkit:gcp"))

    require_fresh(made)
    assert made.content.hash == find_shipped("kfpkit:gcp").content.hash
    assert (lonely.environments / "kfp-runtime.txt").is_file()


@pytest.mark.slow
def test_with_another_package_it_is_locked_again_and_keeps_its_versions(lonely, index):
    blueprint = Blueprint(name="more", like="kfpkit:sklearn", requirements=["six<2"])

    made = create_environment(lonely, blueprint)

    require_fresh(made)
    assert made.provides("six") is not None
    shipped = find_shipped("kfpkit:sklearn")
    assert made.provides("sklearn") == shipped.provides("sklearn")
    assert "# Started from the environment `kfpkit:sklearn`." in made.pyproject.read_text()


def test_an_existing_environment_is_not_replaced(lonely):
    create_environment(lonely, Blueprint(name="gcp", like="kfpkit:gcp"))

    with pytest.raises(EnvironmentExistsError):
        create_environment(lonely, Blueprint(name="gcp", like="kfpkit:gcp"))


@pytest.mark.parametrize(
    ("origin", "remedy"),
    [
        ("kfpkit:sklern", "Did you mean `kfpkit:sklearn`?"),
        ("gcp", "Did you mean `kfpkit:gcp`?"),
        ("kfpkit:", "Choose one of: `kfpkit:catboost-1`"),
        ("kfpkit:../gcp", "Did you mean `kfpkit:gcp`?"),
    ],
)
def test_what_kfpkit_does_not_have_is_refused_with_what_it_has(origin, remedy):
    with pytest.raises(UnknownShippedEnvironmentError) as refused:
        find_shipped(origin)

    assert remedy in str(refused.value)
    assert refused.value.known == list_shipped_names()


@pytest.mark.slow
def test_the_wheel_holds_them_once(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(
        [*command, "--directory", str(tmp_path)], cwd=REPOSITORY, check=True, capture_output=True
    )

    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    locks = [name for name in names if name.endswith("/poetry.lock")]
    expected = [f"kfpkit/environments/locked/{name}/poetry.lock" for name in list_shipped_names()]
    assert sorted(locks) == sorted(expected)
