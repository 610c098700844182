"""What an environment's `pyproject.toml` says, and what is refused in it."""

from __future__ import annotations

import ast

import pytest

from kfpkit.errors import InvalidEnvironmentError


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("project = 'x'\n", "`project` is not a table"),
        ("tool = 1\n", "`tool` is not a table"),
        ("[tool]\npoetry = 1\n", "`tool.poetry` is not a table"),
        ("[tool]\nkfpkit = 1\n", "`tool.kfpkit` is not a table"),
        ("[[tool.kfpkit.environment]]\n", "`tool.kfpkit.environment` is not a table"),
        ("dependency-groups = 1\n", "`dependency-groups` is not a table"),
        (
            "[project]\nrequires-python = '==3.12.*'\ndependencies = 'six'\n",
            "invalid `dependencies`: they must be a list of strings",
        ),
    ],
)
def test_another_shape_is_refused_with_its_file_and_key(tiny, text, named):
    environment = tiny(files={"environments/tiny/pyproject.toml": text})

    with pytest.raises(InvalidEnvironmentError) as refused:
        environment.description.require_valid()

    assert str(refused.value).startswith(f"{environment.pyproject}: the environment `tiny` ")
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("specifier", "python"),
    [(">=3.12,<3.13", "3.12"), ("==3.11.*", "3.11"), ("~=3.10.4", "3.10"), ("==3.13.2", "3.13")],
)
def test_the_python_version_is_the_one_minor_version_that_is_allowed(tiny, specifier, python):
    assert tiny(python=specifier).description.python == python


@pytest.mark.parametrize(
    "specifier", ["", ">=3.10", ">=3.10,<3.12", "<3", "three", "==3.9.*", "==3.14.*"]
)
def test_more_or_less_than_one_supported_minor_version_is_refused(tiny, specifier):
    with pytest.raises(InvalidEnvironmentError, match="exactly one minor version") as raised:
        _ = tiny(python=specifier).description.python

    assert raised.value.place.file.name == "pyproject.toml"
    assert 'requires-python = ">=3.12,<3.13"' in str(raised.value)


@pytest.mark.parametrize(
    "packages",
    ['"libgomp1"', "[1]", '["libgomp1; x"]', '["--yes"]', '[""]', '["libgomp1-"]', '["a b"]'],
)
def test_system_packages_that_are_no_list_of_debian_packages_are_refused(tiny, packages):
    settings = f"[tool.kfpkit.environment]\nsystem-packages = {packages}\n"
    environment = tiny(files={"environments/tiny/pyproject.toml": settings})

    with pytest.raises(InvalidEnvironmentError, match="system-packages") as raised:
        _ = environment.description.system_packages
    given = str(ast.literal_eval(packages))
    assert f"must be a list of Debian packages, not `{given}`" in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ('system-package = ["libgomp1"]', "unknown setting `system-package`.*`system-packages`"),
        ("images = false", "unknown setting `images`.*`image`"),
    ],
)
def test_an_unknown_setting_is_refused(tiny, settings, problem):
    pyproject = f"[project]\nrequires-python = '==3.12.*'\n[tool.kfpkit.environment]\n{settings}\n"
    environment = tiny(files={"environments/tiny/pyproject.toml": pyproject})

    with pytest.raises(InvalidEnvironmentError, match=problem):
        environment.description.require_valid()


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("==3.12.*", "3.12"),
        (">=3.12.4,<3.13", "3.12"),
        ("~=3.11.3", "3.11"),
        (">3.11.99,<3.12.1", "3.12"),
        (">=3.11,<3.13,!=3.12.*", "3.11"),
        ("===3.13.2", "3.13"),
    ],
)
def test_one_minor_version_may_be_named_in_many_ways(tiny, text, python):
    assert tiny(python=text).description.python == python


@pytest.mark.parametrize("text", [">=3.11", ">3.11.98,<3.12.1", "<3.11,>=3.11", ">=3.11,!=3.12.0"])
def test_none_or_several_minor_versions_are_refused(tiny, text):
    with pytest.raises(InvalidEnvironmentError, match="exactly one minor version"):
        _ = tiny(python=text).description.python
