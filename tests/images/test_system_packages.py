"""Debian packages in images: what they need is there, and what nobody needs is not."""

from __future__ import annotations

import io
import re

import pytest
from images.bases import have_base
from images.small_environments import BASE, TRIXIE

from kfpkit.environments.recipe.in_build import unused_packages

pytestmark = pytest.mark.containers
MACHINERY = re.compile(
    "apt|debconf|dpkg|e2fsprogs|login|mount|passwd|perl-base|util-linux"
    r"|lib(apt-pkg|audit|db|ext2fs|gnutls|hogweed|mount|nettle|pam|seccomp|semanage|udev)\d?\S*"
)
MISSING = """\
import os, pathlib, subprocess
found = {os.path.realpath(path) for path in pathlib.Path("/usr").rglob("*") if path.is_file()}
linked = [path for path in sorted(found) if open(path, "rb").read(4) == b"\\x7fELF"]
assert len(linked) > 50
(loader,) = pathlib.Path("/lib64").glob("ld-linux-*")
for program in linked:
    asked = [loader, "--list", program]
    said = subprocess.run(asked, capture_output=True, text=True).stdout
    for line in said.splitlines():
        if "not found" in line:
            print(program, line.strip())
"""


@pytest.fixture(params=[BASE, TRIXIE], ids=["12", "13"], scope="module")
def base(engine, request) -> str:
    """Have the base images of several versions of Debian."""
    return have_base(engine, request.param)


@pytest.fixture
def image(tiny, make, registry, base):
    """Return a function that builds an image with settings, and returns its reference."""

    def build(settings: str = "", base_image: str = base) -> str:
        settings = f'base-image = "{base_image}"\n{settings}'
        return make(tiny(registry, settings=settings))[0].reference

    return build


@pytest.fixture
def run(engine):
    """Return a function that runs a command in a sealed container, and returns what it prints."""

    def said(image: str, *command: str) -> str:
        sealed = {"read_only": True, "network_mode": "none", "cap_drop": ["ALL"]}
        return engine.containers.run(image, command, remove=True, **sealed).decode()

    return said


@pytest.fixture(scope="module")
def missing_before(engine, base) -> set[str]:
    """Find the libraries that the base image lacks, such as those of the Python in it."""
    said = engine.containers.run(base, ["python3", "-c", MISSING], remove=True, network_mode="none")
    return set(said.decode().splitlines())


@pytest.fixture
def lost(run, missing_before):
    """Return a function that finds libraries that an image lacks and its base image does not."""
    return lambda image: set(run(image, "python3", "-c", MISSING).splitlines()) - missing_before


@pytest.fixture
def base_with(engine, registry, base):
    """Return a function that installs Debian packages in the base image."""
    name = f"{base}-{registry.rpartition('/')[2]}"

    def install(*packages: str, then: str = "true") -> str:
        get = "apt-get -q update && apt-get -q install -y --no-install-recommends"
        recipe = f"FROM {base}\nRUN {get} {' '.join(packages)} && {then}\n"
        engine.images.build(
            fileobj=io.BytesIO(recipe.encode()),
            tag=name,
            network_mode="host",
            rm=True,
            forcerm=True,
        )
        return name

    yield install
    engine.api.remove_image(name, force=True)


def test_an_image_has_none_of_debians_machinery_and_all_libraries_of_what_it_has(image, run, lost):
    built = image()

    names = _installed(run(built, "cat", "/var/lib/dpkg/status"))
    assert [name for name in names if MACHINERY.fullmatch(name)] == []
    assert lost(built) == set()


def test_programs_and_libraries_have_what_they_depend_on(image, run, lost):
    built = image('system-packages = ["git", "libpq5"]')

    assert run(built, "git", "--version").startswith("git version ")
    assert run(built, "perl", "-MPOSIX", "-e", "print floor(2.5), qq(\\n)") == "2\n"
    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libpq.so.5')")
    names = _installed(run(built, "cat", "/var/lib/dpkg/status"))
    assert {"git", "libpq5", "perl-base"} <= names
    assert names.isdisjoint({"apt", "debconf", "dpkg", "passwd"})
    assert lost(built) == set()


def test_a_package_that_the_base_loses_comes_back_by_its_name(image, run):
    built = image('system-packages = ["libseccomp2"]')

    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libseccomp.so.2')")
    assert "libseccomp2" in _installed(run(built, "cat", "/var/lib/dpkg/status"))


def test_a_package_that_adds_a_user_leaves_the_images_own(image, run):
    built = image('system-packages = ["uuid-runtime"]')

    assert run(built, "id", "-un") == "kfpkit\n"
    assert run(built, "id", "-u", "uuidd").strip().isdigit()
    assert len(run(built, "uuidgen")) == len("00000000-0000-0000-0000-000000000000\n")
    assert run(built, "find", "/usr", "-perm", "/6000", "-type", "f") == ""


def test_what_a_base_image_has_of_its_own_stays_whole(image, run, lost, base_with):
    built = image(base_image=base_with("libpq5"))

    run(built, "python3", "-c", "import ctypes; ctypes.CDLL('libpq.so.5')")
    names = _installed(run(built, "cat", "/var/lib/dpkg/status"))
    assert "libpq5" in names
    assert "apt" not in names
    assert lost(built) == set()


def test_a_base_image_with_strip_needs_nothing_of_debian(image, base_with):
    own = base_with("binutils", then="ln --symbolic --force /bin/false /usr/bin/apt-get")

    assert image(base_image=own)


def _installed(status: str) -> set[str]:
    packages = unused_packages.read(status)
    names = {package.name for package in packages}
    assert len(names) == len(packages)
    return names
