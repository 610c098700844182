"""What a new environment takes over from the one that it is like."""

from __future__ import annotations

import pytest

from kfpkit.environments import find_environment, require_fresh
from kfpkit.environments.description import PYTHONS
from kfpkit.environments.locking.blueprint import Blueprint, describe_environment
from kfpkit.environments.locking.creation import create_environment
from kfpkit.project.project import find_project

BASE = "registry.example/python@sha256:" + "0" * 64


@pytest.fixture
def model(tiny):
    """Return a function that gives the environment `tiny` further settings."""

    def write(settings):
        made = tiny()
        text = f"{made.pyproject.read_text()}\n[tool.kfpkit.environment]\n{settings}\n"
        made.pyproject.write_text(text)
        return find_environment(find_project(made.folder), "tiny")

    return write


def described(model, **blueprint):
    """Return the settings that an environment like another one would get."""
    text = describe_environment(Blueprint(**{"name": "new", "like": "tiny"} | blueprint), model)
    _, _, settings = text.partition("[tool.kfpkit.environment]\n")
    return settings.splitlines()


def test_the_base_image_comes_along(model):
    source = model(f'base-image = "{BASE}"')
    assert described(source) == [f'base-image = "{BASE}"']
    assert described(source, python=source.description.python) == [f'base-image = "{BASE}"']


def test_the_base_image_of_another_python_stays_behind(model):
    source = model(f'base-image = "{BASE}"\nsystem-packages = ["libgomp1"]')
    other = next(version for version in PYTHONS if version != source.description.python)
    assert described(source, python=other) == ['system-packages = ["libgomp1"]']


def test_a_base_image_that_nobody_named_is_not_written_down(model):
    source = model('system-packages = ["libgomp1"]')
    assert described(source) == ['system-packages = ["libgomp1"]']
    assert described(model("image = true")) == []


def test_debian_packages_of_both_are_joined_in_order(model):
    source = model(f'base-image = "{BASE}"\nsystem-packages = ["libgomp1", "tini"]')
    assert described(source, system_packages=["curl", "tini"]) == [
        'system-packages = ["curl", "libgomp1", "tini"]',
        f'base-image = "{BASE}"',
    ]


@pytest.mark.slow
def test_an_environment_like_one_with_a_base_image_is_built_from_it(model, cache, index):
    source = model(f'base-image = "{BASE}"')
    made = create_environment(
        find_project(source.folder), Blueprint(name="new", like="tiny", requirements=["zipp<4"])
    )
    require_fresh(made)
    assert made.description.base_image == BASE
    assert f'base-image = "{BASE}"' in made.pyproject.read_text()
