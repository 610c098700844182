"""The environments of this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfpkit.environments import find_environment, list_environments
from kfpkit.environments.locking.checks import check_environment
from kfpkit.environments.recipe import PACKAGED_DOCKERFILE, PACKAGED_RUNTIME, RUNTIME_FILE
from kfpkit.environments.venvs import poetry
from kfpkit.project.project import find_project

REPOSITORY = find_project(Path(__file__).parents[2])
OLD = {"catboost-1-1", "xgboost-1"}
NAMES = [found.name for found in list_environments(REPOSITORY)]


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_is_fresh_and_can_be_installed(name):
    assert check_environment(find_environment(REPOSITORY, name)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_import_names_stay_small(name):
    assert find_environment(REPOSITORY, name).imports_file.stat().st_size < 5_000


def test_all_environments_but_those_of_older_libraries_have_one_python():
    assert {
        find_environment(REPOSITORY, name).description.python for name in NAMES if name not in OLD
    } == {"3.13"}


@pytest.mark.parametrize(
    "module", ["numpy", "optuna", "pandas", "pyarrow", "scipy", "skops", "sklearn"]
)
def test_environments_that_exchange_tables_hold_the_same_versions(module):
    names = [name for name in NAMES if name not in {*OLD, "emulators"}]
    found = {find_environment(REPOSITORY, name).provides(module) for name in names}

    assert len(found - {None}) == 1


@pytest.mark.parametrize("module", ["jinja2", "optuna", "pygal", "skops", "sklearn", "yaml"])
def test_every_environment_that_trains_can_transform_tune_and_report(module):
    trains = [name for name in NAMES if name not in {"emulators", "gcp"}]

    assert [
        name for name in trains if not find_environment(REPOSITORY, name).provides(module)
    ] == []


def test_the_runtime_that_the_package_brings_is_the_repositorys():
    own = REPOSITORY.environments / RUNTIME_FILE

    assert own.read_bytes() == PACKAGED_RUNTIME.read_bytes()


def test_the_repository_has_no_other_dockerfile_than_the_one_that_kfpkit_brings():
    found = find_environment(REPOSITORY, "gcp")

    assert found.dockerfile == PACKAGED_DOCKERFILE


def test_no_address_stands_in_the_tools_requirements():
    assert "://" not in poetry.REQUIREMENTS.read_text()
