"""A new environment is there whole, locked and installable, or not at all."""

from __future__ import annotations

import pytest

from kfpkit.environments import require_fresh
from kfpkit.environments.locking import creation
from kfpkit.environments.locking.blueprint import Blueprint
from kfpkit.environments.locking.creation import create_environment
from kfpkit.errors import (
    DependencyConflictError,
    EnvironmentExistsError,
    InvalidEnvironmentError,
    InvalidPythonVersionError,
    InvalidRequirementError,
    ToolError,
    UninstallableLockError,
    UnknownEnvironmentError,
)
from kfpkit.project.project import find_project

SETTINGS = '\n[tool.kfpkit.environment]\nsystem-packages = ["libgomp1"]\n'


def paths(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def refused(tiny):
    """Return a function that creates an environment in vain, and looks for what is left."""
    project = find_project(tiny().folder)

    def create(error, match, **blueprint):
        before = paths(project.root)
        with pytest.raises(error, match=match):
            create_environment(project, Blueprint(**{"name": "new"} | blueprint))
        assert paths(project.root) == before

    return create


@pytest.mark.parametrize("name", ["New", "new-", "../new", "", ".", "n" * 129])
def test_a_name_that_no_image_can_have_is_refused(refused, name):
    refused(InvalidEnvironmentError, "name that an image cannot have", name=name)


def test_an_existing_environment_is_refused(refused):
    refused(EnvironmentExistsError, "already exists.*kfpkit env lock tiny", name="tiny")


def test_a_model_that_does_not_exist_is_refused_with_the_nearest_name(refused):
    refused(UnknownEnvironmentError, "Did you mean `tiny`", like="tinny")


@pytest.mark.parametrize(
    ("requirements", "problem"),
    [
        (["six=1"], "`six=1` cannot be read"),
        (["six", "Six<2"], "`Six<2` specifies `six` more than once"),
        (["kfp>=2"], "every environment contains kfp's runtime"),
        (["six@https://user:secret@host/six.whl"], "^The requirement `six` is a URL"),
    ],
)
def test_a_requirement_that_cannot_be_taken_is_refused(refused, requirements, problem):
    refused(InvalidRequirementError, problem, requirements=requirements)


@pytest.mark.parametrize("package", ["libgomp1; x", "--yes", "", "Libgomp1"])
def test_what_is_no_debian_package_is_refused(refused, package):
    refused(InvalidRequirementError, "is not a Debian package", system_packages=[package])


@pytest.mark.parametrize("version", ["3", "3.12.1", "2.7", "3.x", "3.7", "3.9", "3.14"])
def test_what_is_no_python_version_of_an_environment_is_refused(refused, version):
    refused(InvalidPythonVersionError, f"`{version}` is not a .* from `3.10` to", python=version)


def test_a_model_with_dependencies_that_cannot_be_copied_is_refused(tiny):
    model = tiny()
    model.pyproject.write_text(
        model.pyproject.read_text() + '\n[tool.poetry.group.more.dependencies]\nsix = "*"\n'
    )
    blueprint = Blueprint(name="new", like="tiny")

    with pytest.raises(InvalidEnvironmentError, match=r"`tool\.poetry\.group`, which cannot be"):
        create_environment(find_project(model.folder), blueprint)


@pytest.mark.slow
def test_a_new_environment_starts_from_another(tiny, cache, index):
    model = tiny()
    model.pyproject.write_text(model.pyproject.read_text() + SETTINGS)
    project = find_project(model.folder)
    blueprint = Blueprint(name="six", requirements=["zipp>=3,<4"], like="tiny")

    made = create_environment(project, blueprint)

    require_fresh(made)
    assert made.description.document["project"]["dependencies"] == ["six==1.17.0", "zipp>=3,<4"]
    assert (made.description.python, made.description.system_packages) == (
        model.description.python,
        ("libgomp1",),
    )
    assert {made.provides(name).name for name in ("six", "zipp")} == {"six", "zipp"}
    assert sorted(file.name for file in made.folder.iterdir()) == [
        "imports.json",
        "poetry.lock",
        "pyproject.toml",
    ]


@pytest.mark.slow
def test_a_new_environment_in_a_new_project_brings_the_runtimes_pin(project, cache, index):
    root = project({})
    made = create_environment(find_project(root), Blueprint(name="bare"))

    require_fresh(made)
    assert made.import_names.keys() == {"kfp"}
    assert (root / "environments" / "kfp-runtime.txt").is_file()


@pytest.mark.slow
def test_a_new_environment_keeps_the_versions_of_its_model(tiny, cache, index):
    model = tiny()
    looser = model.pyproject.read_text().replace("six==1.17.0", "six>=1.15")
    model.pyproject.write_text(looser)
    model.lock.path.write_text(model.lock.path.read_text().replace("1.17.0", "1.16.0"))
    blueprint = Blueprint(name="new", requirements=["zipp<4"], like="tiny")

    made = create_environment(find_project(model.folder), blueprint)

    assert made.provides("six").version == "1.16.0"


@pytest.mark.slow
def test_dependencies_that_exclude_one_another_are_refused_with_the_reason(refused, cache, index):
    refused(
        DependencyConflictError,
        r"which depends on six \(>=1\.5\).* `new` depends on six \(<1\.5\), version solving",
        requirements=["python-dateutil==2.9.0", "six<1.5"],
    )


@pytest.mark.slow
def test_a_release_without_a_wheel_is_refused(refused, cache, index):
    refused(
        UninstallableLockError,
        "`kfp-server-api` 2.14.6 has no wheel.*\nChoose other versions or another Python",
        requirements=["kfp-server-api==2.14.6"],
    )


@pytest.mark.slow
def test_a_folder_that_cannot_be_finished_goes_again(refused, cache, index, monkeypatch):
    copy = creation.shutil.copyfile

    def copy_until_the_disk_is_full(source, target):
        if target.name == "imports.json" and target.parent.parent.name == "environments":
            raise OSError(28, "No space left on device")
        return copy(source, target)

    monkeypatch.setattr(creation.shutil, "copyfile", copy_until_the_disk_is_full)
    refused(ToolError, "cannot be written", requirements=["six<2"], like="tiny")
