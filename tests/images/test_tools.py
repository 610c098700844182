"""Debian's tools and character sets: gone from the known base image, whole in any other one."""

from __future__ import annotations

import io

import pytest
from images.small_environments import BASE

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]

CONVERT = (
    "import ctypes; call = ctypes.CDLL(None).iconv_open; call.restype = ctypes.c_ssize_t; "
    "print(call(b'UTF-8', b'BIG5') != -1)"
)


@pytest.fixture
def image(tiny, make, registry):
    """Return a function that builds an image with settings, and returns its reference."""
    return lambda settings="": make(tiny(registry, settings=settings))[0].reference


@pytest.fixture
def run(engine):
    """Return a function that runs a command in a container, and returns what it prints."""

    def said(image: str, *command: str) -> str:
        return engine.containers.run(image, command, remove=True, network_mode="none").decode()

    return said


@pytest.fixture
def own_base(engine, registry):
    """Return a base image of a company's own, which is Docker Hub's with a file."""
    name = f"{BASE}-{registry.rpartition('/')[2]}"
    recipe = f"FROM {BASE}\nRUN echo own > /etc/own\n"
    engine.images.build(fileobj=io.BytesIO(recipe.encode()), tag=name, network_mode="none")
    yield name
    engine.api.remove_image(name, force=True)


def test_the_known_base_keeps_a_shell_and_loses_other_tools(image, run):
    built = image()

    assert run(built, "sh", "-c", "cat /etc/debian_version; mktemp; uname; nproc")
    for gone in ("/bin/bash", "/bin/tar", "/usr/bin/awk", "/usr/bin/openssl", "/bin/ls"):
        run(built, "sh", "-c", f"test ! -e {gone} && test ! -L {gone}")
    assert run(built, "python3", "-c", CONVERT) == "False\n"
    status = run(built, "cat", "/var/lib/dpkg/status")
    assert "Package: bash\n" not in status
    assert "Package: dash\n" in status


def test_what_python_and_ctypes_load_is_there(image, run):
    code = (
        "import bz2, ctypes.util, curses, lzma, readline, sqlite3, ssl, unittest, uuid, zoneinfo\n"
        "assert ctypes.util.find_library('ssl') and ctypes.util.find_library('c')\n"
        "import os; paths = ssl.get_default_verify_paths()\n"
        "assert os.listdir(paths.capath) and os.path.exists('/usr/lib/ssl/openssl.cnf')\n"
        "assert all('x'.encode(name) for name in ('big5', 'koi8_r', 'shift_jis', 'utf_16'))\n"
        "import subprocess; print(subprocess.run('exit 3', shell=True).returncode)"
    )

    assert run(image(), "python3", "-c", code) == "3\n"


def test_a_tool_that_is_named_comes_back_alone(image, run):
    built = image('system-packages = ["tar"]')

    assert "GNU tar" in run(built, "tar", "--version")
    run(built, "sh", "-c", "test ! -e /bin/bash")


def test_a_package_with_programs_brings_all_tools_and_character_sets(image, run):
    built = image('system-packages = ["git"]')

    assert run(built, "bash", "-c", "ls / | grep -c etc; echo 1 2 | awk '{print $2}'") == "1\n2\n"
    assert "GNU tar" in run(built, "tar", "--version")
    assert run(built, "python3", "-c", CONVERT) == "True\n"


def test_a_base_image_of_ones_own_stays_whole(image, run, own_base):
    built = image(f'base-image = "{own_base}"')

    assert run(built, "bash", "-c", "cat /etc/own; ls / | grep -c etc") == "own\n1\n"
    assert "GNU tar" in run(built, "tar", "--version")
    assert run(built, "openssl", "version")
    assert run(built, "python3", "-c", f"import pydoc_data.topics; {CONVERT}") == "True\n"
