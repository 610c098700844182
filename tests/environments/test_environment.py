"""What is computed from an environment's folder."""

from __future__ import annotations

import pytest

from kfpkit.environments import Distribution, Environment
from kfpkit.errors import InvalidEnvironmentError, StaleLockError


def test_the_image_reference_is_registry_name_and_content_hash(tiny):
    environment = tiny(files={"pyproject.toml": "[tool.kfpkit]\nregistry = 'eu.pkg.dev/p/r'\n"})

    assert environment.image == f"eu.pkg.dev/p/r/tiny:{environment.content.hash}"
    assert len(environment.content.hash) == 16


def test_a_pyproject_that_does_not_parse_is_refused_with_its_place(tiny):
    environment = tiny(files={"environments/tiny/pyproject.toml": "[project\n"})

    with pytest.raises(InvalidEnvironmentError, match=r"tiny/pyproject\.toml.*cannot be read"):
        _ = environment.content.hash


def test_an_environment_without_a_lock_has_no_image(tiny):
    environment = tiny()
    environment.lock.path.unlink()

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
