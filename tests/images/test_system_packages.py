"""Debian packages in images: what they need is there, and what nobody needs is not."""

from __future__ import annotations

import io

import pytest
from images.small_environments import BASE

from kfpkit.environments.in_build import unused_packages

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]


@pytest.fixture
def image(tiny, make, registry):
    """Return a function that builds an image with settings, and returns its reference."""
    return lambda settings: make(tiny(registry, settings=settings))[0].reference


@pytest.fixture
def run(engine):
    """Return a function that runs a command in a sealed container, and returns what it prints."""

    def said(image: str, *command: str) -> str:
        sealed = {"read_only": True, "network_mode": "none", "cap_drop": ["ALL"]}
        return engine.containers.run(image, command, remove=True, **sealed).decode()

    return said


@pytest.fixture
def base_with(engine, registry):
    """Return a function that installs Debian packages in the base image."""
    name = f"{BASE}-{registry.rpartition('/')[2]}"

    def install(*packages: str, then: str = "true") -> str:
        get = "apt-get -q update && apt-get -q install -y --no-install-recommends"
        recipe = f"FROM {BASE}\nRUN {get} {' '.join(packages)} && {then}\n"
        engine.images.build(fileobj=io.BytesIO(recipe.encode()), tag=name, network_mode="host")
        return name

    yield install
    engine.api.remove_image(name, force=True)


def test_programs_and_libraries_have_what_they_depend_on(image, run):
    built = image('system-packages = ["git", "libpq5"]')

    assert run(built, "git", "--version").startswith("git version ")
    assert run(built, "perl", "-MPOSIX", "-e", "print floor(2.5), qq(\\n)") == "2\n"
    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libpq.so.5')")
    names = _installed(run(built, "cat", "/var/lib/dpkg/status"))
    assert {"git", "libgnutls30", "libpq5", "perl-base"} <= names
    assert names.isdisjoint({"apt", "debconf", "dpkg", "passwd"})


def test_a_package_that_the_base_loses_comes_back_by_its_name(image, run):
    built = image('system-packages = ["libgnutls30"]')

    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libgnutls.so.30')")
    assert "libgnutls30" in _installed(run(built, "cat", "/var/lib/dpkg/status"))


def test_a_package_that_adds_a_user_leaves_the_images_own(image, run):
    built = image('system-packages = ["uuid-runtime"]')

    assert run(built, "id", "-un") == "kfpkit\n"
    assert run(built, "id", "-u", "uuidd").strip().isdigit()
    assert len(run(built, "uuidgen")) == len("00000000-0000-0000-0000-000000000000\n")
    assert run(built, "find", "/usr", "-perm", "/6000", "-type", "f") == ""


def test_what_a_base_image_has_of_its_own_stays_whole(image, run, base_with):
    built = image(f'base-image = "{base_with("libpq5")}"')

    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libpq.so.5')")
    names = _installed(run(built, "cat", "/var/lib/dpkg/status"))
    assert {"libgnutls30", "libpq5"} <= names
    assert "apt" not in names


def test_a_base_image_with_strip_needs_nothing_of_debian(image, base_with):
    base = base_with("binutils", then="ln --symbolic --force /bin/false /usr/bin/apt-get")

    assert image(f'base-image = "{base}"')


def _installed(status: str) -> set[str]:
    packages = unused_packages.read(status)
    names = {package.name for package in packages}
    assert len(names) == len(packages)
    return names
