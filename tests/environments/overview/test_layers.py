"""Which layers images share, by the environments' files alone."""

from __future__ import annotations

import pytest

from kfpkit.environments import list_environments
from kfpkit.environments.overview.layers import find_sharers, find_splits, list_layers
from kfpkit.project.project import find_project

PACKAGE = """\
[[package]]
name = "{}"
version = "{}"
optional = false
python-versions = "*"
groups = ["main"]
files = []

"""
METADATA = '[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = ""\n'


@pytest.fixture
def environments(project):
    """Return a function that writes environments with locks; each is its packages' versions."""

    def write(dockerfile: str = "", **locks: str):
        files = {"environments/Dockerfile": dockerfile} if dockerfile else {}
        for name, written in locks.items():
            python, _, packages = written.partition(" ")
            settings = ""
            if python.endswith("+"):
                settings = '[tool.kfpkit.environment]\nkeep = ["pyarrow.flight"]\n'
            description = f'[project]\nrequires-python = "=={python.rstrip("+")}.*"\n{settings}'
            locked = [PACKAGE.format(*one.split("-")) for one in packages.split()]
            files[f"environments/{name}/pyproject.toml"] = description
            files[f"environments/{name}/poetry.lock"] = "".join([*locked, METADATA])
        return list_environments(find_project(project(files)))

    return write


def test_a_layer_is_named_with_its_packages(environments):
    (one,) = environments(one="3.13 numpy-2.4 six-1 pyarrow-26 scipy-1.18")

    layers = {layer.name: dict(layer.packages) for layer in list_layers(one)}

    assert list(layers) == ["base", "kfp", "arrays", "learning"]
    assert layers["arrays"] == {"numpy": "2.4", "pyarrow": "26"}
    assert layers["learning"] == {"scipy": "1.18"}


def test_images_of_one_python_share_what_their_locks_have_in_common(environments):
    found = find_sharers(
        environments(
            gcp="3.13 numpy-2.4 six-1",
            sklearn="3.13 numpy-2.4 scipy-1.18 six-2",
            boosted="3.13 numpy-2.4 scipy-1.18",
            old="3.12 numpy-2.4 scipy-1.18",
        )
    )

    assert found["gcp"] == dict.fromkeys(["base", "kfp", "arrays"], ("boosted", "sklearn"))
    assert found["sklearn"]["learning"] == ("boosted",)
    assert found["old"] == {}


def test_what_an_environment_keeps_is_in_a_layer_of_its_own(environments):
    found = find_sharers(environments(one="3.13 pyarrow-26", other="3.13+ pyarrow-26"))

    assert found["one"] == {"base": ("other",), "kfp": ("other",)}


def test_another_version_splits_the_layer_of_most(environments):
    (split,) = find_splits(
        environments(
            gcp="3.13 numpy-2.4 pandas-2.3",
            sklearn="3.13 numpy-2.5 pandas-2.3",
            boosted="3.13 numpy-2.4 pandas-2.3",
        )
    )

    assert (split.environment, split.layer, split.others) == (
        "sklearn",
        "arrays",
        ("boosted", "gcp"),
    )
    assert split.packages == (("numpy", "2.5", "2.4"),)


@pytest.mark.parametrize(
    "other", ["3.12 numpy-2.5 pandas-2.3", "3.13 numpy-2.5", "3.13 numpy-2.4 pandas-2.3"]
)
def test_what_could_not_share_a_layer_or_does_splits_none(environments, other):
    assert not find_splits(
        environments(one="3.13 numpy-2.4 pandas-2.3", two="3.13 numpy-2.4 pandas-2.3", other=other)
    )


def test_of_two_locks_that_differ_the_first_one_counts_as_usual(environments):
    (split,) = find_splits(environments(one="3.13 numpy-2.4", two="3.13 numpy-2.5"))

    assert (split.environment, split.others) == ("two", ("one",))


def test_a_lock_that_cannot_be_read_spoils_no_other(environments):
    one, two, broken = environments(
        a="3.13 numpy-2.4", b="3.13 numpy-2.4", c="3.13 numpy-2.4 numpy-2.4"
    )
    broken.lock.path.unlink()

    assert set(find_sharers([one, two, broken])) == {"a", "b"}


def test_a_dockerfile_of_the_project_s_own_names_its_layers(environments):
    own = 'FROM scratch\nARG ARRAYS="six"\n'
    found = find_sharers(environments(own, one="3.13 six-1 numpy-2.4", two="3.13 six-1 numpy-2.5"))

    assert found["one"]["arrays"] == ("two",)
