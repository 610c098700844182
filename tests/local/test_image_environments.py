from pathlib import Path

import pytest

from kfpkit.config import find_project
from kfpkit.environments import find_environment
from kfpkit.errors import StaleImageError
from kfpkit.local.image_environments import environment_name, environments_of

REPOSITORY = find_project(Path(__file__).parents[2])
SKLEARN = f"{REPOSITORY.registry}/sklearn"


def test_an_image_means_the_environment_that_it_is_built_from():
    sklearn = find_environment(REPOSITORY, "sklearn")
    found = environments_of(REPOSITORY, [sklearn.image, "python:3.11"])
    assert found == {sklearn.image: sklearn, "python:3.11": None}


def test_an_image_of_an_earlier_lock_is_refused():
    with pytest.raises(StaleImageError, match=r"whose image is now `.*/sklearn:[0-9a-f]{16}`"):
        environments_of(REPOSITORY, [f"{SKLEARN}:0000000000000000"])


@pytest.mark.parametrize(
    ("image", "name"),
    [
        (f"{SKLEARN}:0000000000000000", "sklearn"),
        (f"{SKLEARN}@sha256:{'0' * 64}", "sklearn"),
        ("elsewhere/sklearn:1", None),
    ],
)
def test_an_environment_s_name_stands_in_its_image(image, name):
    assert environment_name(REPOSITORY, image) == name
