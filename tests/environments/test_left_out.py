"""What an environment says of the things that images do without."""

from __future__ import annotations

import pytest

from kfpkit.environments import find_environment
from kfpkit.errors import InvalidEnvironmentError
from kfpkit.project.project import find_project


@pytest.fixture
def environment(project):
    """Return a function that writes an environment with settings, and finds it."""

    def write(settings: str = "", **files: str):
        text = f'[project]\nrequires-python = "==3.12.*"\n[tool.kfpkit.environment]\n{settings}\n'
        root = project({"environments/one/pyproject.toml": text} | files)
        return find_environment(find_project(root), "one")

    return write


def test_a_module_that_images_do_without_has_its_rule(environment):
    found = environment()

    assert found.left_out("pyarrow.flight.FlightClient").name == "pyarrow.flight"
    assert found.left_out("pyarrow._flight").name == "pyarrow.flight"
    assert found.left_out("pyarrow.fs.S3FileSystem").name == "pyarrow.fs.S3FileSystem"
    there = ["pyarrow", "pyarrow.parquet", "pyarrow.flights", "flight", "pyarrow.fs"]
    assert not any(map(found.left_out, [*there, "pyarrow.fs.GcsFileSystem"]))


def test_what_an_environment_keeps_is_not_left_out(environment):
    found = environment('keep = ["pyarrow.flight"]')

    assert found.description.keep == ("pyarrow.flight",)
    assert found.left_out("pyarrow.flight") is None


@pytest.mark.parametrize("value", ['["pyarrow.parquet"]', '"pyarrow.flight"', "[1]", "[[]]"])
def test_only_what_images_do_without_can_be_kept(environment, value):
    with pytest.raises(InvalidEnvironmentError) as caught:
        environment(f"keep = {value}").description.require_valid()
    assert "has an invalid `keep`, which must list what images leave out" in str(caught.value)
    assert str(caught.value).endswith("`sqlalchemy.testing`, `kfp`, `stubs`.")


def test_a_dockerfile_of_the_projects_own_leaves_nothing_out(environment):
    found = environment(**{"environments/Dockerfile": "FROM scratch\n"})

    assert found.left_out("pyarrow.flight") is None


@pytest.mark.parametrize(
    ("image", "is_stock"),
    [
        ("python:3.12-slim-bookworm", True),
        ("python:3.12.12-slim-trixie", True),
        ("python:3.12-slim", True),
        (f"docker.io/library/python:3.12-slim-bookworm@sha256:{'0a' * 32}", True),
        ("python:3.12-bookworm", False),
        ("python:3.12-alpine", False),
        ("python:3.12-slim-bookworm-ours", False),
        ("registry.example/python:3.12-slim-bookworm", False),
        ("ours/python:3.12-slim-bookworm", False),
    ],
)
def test_only_a_slim_image_of_docker_hub_is_known_to_have_nothing_of_ones_own(
    environment, image, is_stock
):
    assert environment(f'base-image = "{image}"').description.has_stock_base is is_stock


def test_the_default_base_image_is_a_known_one(environment):
    assert environment().description.has_stock_base
