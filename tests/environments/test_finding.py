"""Finding environments."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfpkit.environments import (
    find_environment,
    find_environment_of_image,
    list_environment_names,
    list_environments,
)
from kfpkit.errors import InvalidEnvironmentError, UnknownEnvironmentError
from kfpkit.project.project import find_project


@pytest.fixture
def catalogue(tiny):
    environment = tiny(files={"environments/sklearn/pyproject.toml": "[project]\n"})
    return find_project(environment.folder)


def test_an_unknown_environment_is_refused_with_the_nearest_name(catalogue):
    with pytest.raises(UnknownEnvironmentError, match="Did you mean `sklearn`") as raised:
        find_environment(catalogue, "sk-learn")

    assert raised.value.nearest == "sklearn"
    assert raised.value.known == ("sklearn", "tiny")


def test_an_unknown_environment_that_is_near_to_none_comes_with_the_way_to_make_it(catalogue):
    with pytest.raises(UnknownEnvironmentError, match="has: `sklearn`, `tiny`") as raised:
        find_environment(catalogue, "quantum")

    assert "Choose one of these, or run `kfpkit env new quantum --with PACKAGE`" in str(
        raised.value
    )


def test_a_missing_environment_that_kfpkit_has_comes_with_the_command_that_takes_it(catalogue):
    with pytest.raises(UnknownEnvironmentError) as raised:
        find_environment(catalogue, "gcp")

    assert "gcp" in raised.value.shipped
    assert "or run `kfpkit env new gcp --from kfpkit:gcp`" in str(raised.value)


def test_a_path_is_no_name(catalogue):
    with pytest.raises(UnknownEnvironmentError):
        find_environment(catalogue, "../environments/tiny")


def test_a_project_without_environments_has_none(tmp_path):
    lonely = find_project(tmp_path)

    assert list_environments(lonely) == ()
    with pytest.raises(UnknownEnvironmentError, match=r"has: none\. Run `kfpkit env new tiny"):
        find_environment(lonely, "tiny")


def test_a_name_that_no_image_can_have_is_refused(project):
    root = project({"environments/My Env/pyproject.toml": ""})

    with pytest.raises(InvalidEnvironmentError, match="Rename the folder"):
        list_environments(find_project(root))


def test_a_name_that_no_image_can_have_hides_no_other_environment(tiny):
    environment = tiny()
    (environment.folder.parent / "My Env").mkdir()
    (environment.folder.parent / "My Env" / "pyproject.toml").touch()
    found = find_project(environment.folder)

    assert list_environment_names(found) == ["My Env", "tiny"]
    assert find_environment_of_image(found, environment.image) == find_environment(found, "tiny")


def test_an_unchanged_environment_is_the_same_object(catalogue):
    assert find_environment(catalogue, "tiny") is find_environment(catalogue, "tiny")


def test_an_edit_is_seen(catalogue):
    before = find_environment(catalogue, "tiny")
    hash_before = before.content.hash
    before.lock.path.write_text(before.lock.path.read_text() + "\n")

    assert find_environment(catalogue, "tiny").content.hash != hash_before


def test_an_image_leads_to_its_environment(catalogue):
    environment = find_environment(catalogue, "tiny")

    assert find_environment_of_image(catalogue, environment.image) is environment


@pytest.mark.parametrize("image", ["python:3.11", "kfpkit/tiny:0000", "kfpkit/sklearn:0000"])
def test_other_images_belong_to_no_environment(catalogue, image):
    assert find_environment_of_image(catalogue, image) is None


def test_a_file_in_an_environments_folder_belongs_to_the_project_around_it(tiny):
    settings = "[tool.kfpkit.environment]\nsystem-packages = []\n"
    environment = tiny(files={"environments/tiny/pyproject.toml": settings})

    assert find_project(environment.folder).root == Path(environment.folder.parents[1])
