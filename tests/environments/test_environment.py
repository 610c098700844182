"""What is computed from an environment's folder."""

from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import replace

import pytest

from kfpkit.environments import Distribution, Environment
from kfpkit.environments.environment import BUILD_SCRIPTS
from kfpkit.errors import InvalidEnvironmentError, StaleLockError


def test_the_image_reference_is_registry_name_and_content_hash(tiny):
    environment = tiny(files={"pyproject.toml": "[tool.kfpkit]\nregistry = 'eu.pkg.dev/p/r'\n"})

    assert environment.image == f"eu.pkg.dev/p/r/tiny:{environment.content_hash}"
    assert len(environment.content_hash) == 16


def test_the_content_hash_is_the_same_in_another_folder_with_other_times(tiny, tmp_path):
    environment = tiny()
    elsewhere = tmp_path / "elsewhere" / "environments"
    shutil.copytree(environment.folder.parent, elsewhere, copy_function=shutil.copyfile)
    os.utime(elsewhere / "tiny" / "poetry.lock", (0, 0))

    copied = replace(environment, folder=elsewhere / "tiny")

    assert copied.content_hash == environment.content_hash


def test_line_endings_do_not_change_the_content_hash(tiny):
    environment = tiny()
    for file in (environment.pyproject, environment.lock):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert replace(environment).content_hash == environment.content_hash


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
            "`dependencies` that are not a list of texts",
        ),
    ],
)
def test_another_shape_is_refused_with_its_file_and_key(tiny, text, named):
    environment = tiny(files={"environments/tiny/pyproject.toml": text})

    with pytest.raises(InvalidEnvironmentError) as refused:
        environment.require_valid()

    assert str(refused.value).startswith(f"{environment.pyproject}: the environment `tiny` ")
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("tiny/pyproject.toml", '\n[tool.kfpkit.environment]\nsystem-packages = ["libgomp1"]\n'),
        ("tiny/pyproject.toml", '\n[tool.kfpkit.environment]\nbase-image = "python:3"\n'),
        ("tiny/poetry.lock", "\n"),
        ("Dockerfile", "FROM scratch\n"),
        ("kfp-runtime.txt", "kfp==2.17.1 --hash=sha256:0\n"),
    ],
)
def test_whatever_changes_the_image_changes_the_content_hash(tiny, path, more):
    environment = tiny()
    before = environment.content_hash
    with (environment.folder.parent / path).open("a") as file:
        file.write(more)

    assert replace(environment).content_hash != before


@pytest.mark.parametrize(
    ("path", "more", "matters"),
    [
        ("tiny/poetry.lock", "[more]\n", True),
        ("kfp-runtime.txt", "six==1.17.0\n", True),
        ("kfp-runtime.txt", "# a comment\n", False),
        ("tiny/pyproject.toml", 'description = "more"\n', False),
        ("Dockerfile", "USER 1000\n", False),
    ],
)
def test_a_virtual_environment_depends_on_what_it_holds(tiny, path, more, matters):
    environment = tiny()
    shutil.copy(environment.runtime_requirements, environment.folder.parent / "kfp-runtime.txt")
    before = environment.packages_hash
    with (environment.folder.parent / path).open("a") as file:
        file.write(f"\n{more}")

    assert (replace(environment).packages_hash != before) is matters


@pytest.mark.parametrize(
    ("own", "counts"), [("", True), ("FROM scratch\n", False), ("COPY in_build /in_build\n", True)]
)
def test_scripts_count_into_the_recipe_where_the_dockerfile_runs_them(tiny, own, counts):
    environment = tiny()
    if own:
        (environment.folder.parent / "Dockerfile").write_text(own)

    assert "FROM" in environment.recipe or "COPY" in environment.recipe
    functions = [
        found
        for file in BUILD_SCRIPTS.glob("*.py")
        for found in re.findall(r"^def .*$", file.read_text(), re.MULTILINE)
    ]
    assert functions
    assert all((function in environment.recipe) is counts for function in functions)


def test_a_hundred_content_hashes_take_less_than_a_second(tiny):
    environment = tiny()
    environment.lock.write_text(environment.lock.read_text() + "# long\n" * 20_000)

    start = time.process_time()
    for _ in range(100):
        assert replace(environment).image
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("specifier", "python"),
    [(">=3.12,<3.13", "3.12"), ("==3.11.*", "3.11"), ("~=3.10.4", "3.10"), ("==3.13.2", "3.13")],
)
def test_the_python_version_is_the_one_minor_version_that_is_allowed(tiny, specifier, python):
    assert tiny(python=specifier).python == python


@pytest.mark.parametrize(
    "specifier", ["", ">=3.10", ">=3.10,<3.12", "<3", "three", "==3.9.*", "==3.14.*"]
)
def test_more_or_less_than_one_supported_minor_version_is_refused(tiny, specifier):
    with pytest.raises(InvalidEnvironmentError, match="exactly one minor version") as raised:
        _ = tiny(python=specifier).python

    assert raised.value.place.file.name == "pyproject.toml"
    assert 'requires-python = ">=3.12,<3.13"' in str(raised.value)


def test_a_pyproject_that_does_not_parse_is_refused_with_its_place(tiny):
    environment = tiny(files={"environments/tiny/pyproject.toml": "[project\n"})

    with pytest.raises(InvalidEnvironmentError, match=r"tiny/pyproject\.toml.*cannot be read"):
        _ = environment.content_hash


@pytest.mark.parametrize(
    "packages",
    ['"libgomp1"', "[1]", '["libgomp1; x"]', '["--yes"]', '[""]', '["libgomp1-"]', '["a b"]'],
)
def test_system_packages_that_are_no_list_of_debian_packages_are_refused(tiny, packages):
    settings = f"[tool.kfpkit.environment]\nsystem-packages = {packages}\n"
    environment = tiny(files={"environments/tiny/pyproject.toml": settings})

    with pytest.raises(InvalidEnvironmentError, match="system-packages"):
        _ = environment.system_packages


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
        environment.require_valid()


def test_an_environment_without_a_lock_has_no_image(tiny):
    environment = tiny()
    environment.lock.unlink()

    with pytest.raises(StaleLockError, match="Run `kfpkit env lock tiny`"):
        _ = environment.image


@pytest.fixture
def google(tiny) -> Environment:
    imports = (
        '{"lock": "", "distributions": {"google-cloud-storage": "3", "protobuf": "7"},'
        ' "imports": {"google.cloud.storage": "google-cloud-storage",'
        ' "google.protobuf": "protobuf"}}'
    )
    return tiny(files={"environments/tiny/imports.json": imports})


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.cloud.storage.client", "google-cloud-storage"),
        ("google.cloud.bigquery", None),
        ("google.cloud", "google-cloud-storage"),
        ("google.protobuf.json_format", "protobuf"),
        ("googleads", None),
        ("goo", None),
        ("kfp.dsl", "kfp"),
    ],
)
def test_the_longest_prefix_says_where_a_module_comes_from(google, module, distribution):
    found = google.provides(module)

    assert (found.name if found else None) == distribution


def test_import_names_carry_the_locked_version(google):
    assert google.import_names["google.protobuf"] == Distribution(name="protobuf", version="7")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"distributions": 1, "imports": {}}'])
def test_import_names_that_cannot_be_read_are_refused(tiny, content):
    environment = tiny(files={"environments/tiny/imports.json": content})

    with pytest.raises(StaleLockError, match="no readable import names"):
        environment.provides("six")


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
    assert tiny(python=text).python == python


@pytest.mark.parametrize("text", [">=3.11", ">3.11.98,<3.12.1", "<3.11,>=3.11", ">=3.11,!=3.12.0"])
def test_none_or_several_minor_versions_are_refused(tiny, text):
    with pytest.raises(InvalidEnvironmentError, match="exactly one minor version"):
        _ = tiny(python=text).python
