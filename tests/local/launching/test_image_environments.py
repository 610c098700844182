from pathlib import Path

import pytest

from kfpkit.environments import find_environment
from kfpkit.errors import PinnedImageError, StaleImageError
from kfpkit.local.launching.image_environments import find_environments, read_environment_name
from kfpkit.project.project import find_project

REPOSITORY = find_project(Path(__file__).parents[3])
SKLEARN = f"{REPOSITORY.registry}/sklearn"


def test_an_image_means_the_environment_that_it_is_built_from():
    sklearn = find_environment(REPOSITORY, "sklearn")
    found = find_environments(REPOSITORY, [sklearn.image, "python:3.11"])
    assert found == {sklearn.image: sklearn, "python:3.11": None}


def test_an_image_of_an_earlier_lock_is_refused():
    with pytest.raises(StaleImageError, match=r"whose image is now `.*/sklearn:[0-9a-f]{16}`"):
        find_environments(REPOSITORY, [f"{SKLEARN}:0000000000000000"])


def test_a_digest_that_its_registry_does_not_tell_about_is_refused(project, refused_address):
    root = project({"pyproject.toml": f'[tool.kfpkit]\nregistry = "{refused_address}/kfpkit"\n'})
    with pytest.raises(PinnedImageError, match=r"the registry `.*` cannot be reached"):
        find_environments(find_project(root), [f"{refused_address}/kfpkit/one@sha256:{'0' * 64}"])


@pytest.mark.parametrize(
    ("image", "name"),
    [
        (f"{SKLEARN}:0000000000000000", "sklearn"),
        (f"{SKLEARN}@sha256:{'0' * 64}", "sklearn"),
        ("elsewhere/sklearn:1", None),
    ],
)
def test_an_environment_s_name_stands_in_its_image(image, name):
    assert read_environment_name(REPOSITORY, image) == name
