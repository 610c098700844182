"""What is read from a lock."""

from __future__ import annotations

import pytest

from kfpkit.environments.files.lock import Lock, LockedFile, parse, read_poetry_hash

PACKAGE = """\
[[package]]
name = "fast"
version = "2.0"
files = [{{file = "fast-2.0-py3-none-any.whl", hash = "sha256:0"}}]
{more}
"""
METADATA = '[metadata]\nlock-version = "2.1"\ncontent-hash = "feb5"\n'


def lock(more: str = "") -> Lock:
    return parse(PACKAGE.format(more=more) + METADATA)


def test_a_package_is_read_with_its_files_and_dependencies():
    (package,) = lock("[package.dependencies]\nMarkup_Safe = '>=2'\n").packages

    assert (package.name, package.version) == ("fast", "2.0")
    assert package.files == (LockedFile(name="fast-2.0-py3-none-any.whl", digest="sha256:0"),)
    assert package.dependencies == {"markup-safe"}
    assert package.source == ""


@pytest.mark.parametrize(
    "more",
    [
        "optional = true",
        'groups = ["dev"]',
        """markers = 'sys_platform == "win32"'""",
        """markers = {main = 'python_version < "3.12"'}""",
    ],
)
def test_what_a_container_does_not_get_is_not_installed(more):
    assert lock(more).packages
    assert lock(more).installed("3.12") == ()


@pytest.mark.parametrize(
    "more",
    [
        "",
        'groups = ["dev", "main"]',
        """markers = 'sys_platform == "linux"'""",
        """markers = {main = 'python_version >= "3.12"', dev = 'python_version < "3"'}""",
    ],
)
def test_what_a_container_gets_is_installed(more):
    assert [package.name for package in lock(more).installed("3.12")] == ["fast"]


def test_a_source_of_its_own_is_told_without_its_address():
    (package,) = lock('[package.source]\ntype = "legacy"\nurl = "https://me:secret@x"\n').packages

    assert package.source == "legacy"
    assert "secret" not in repr(package)


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< ours\n",
        "package = 3\n",
        "package = [3]\n",
        "[[package]]\nname = 'fast'\n",
        "[[package]]\nname = 'fast'\nversion = '2.0'\nfiles = ['fast-2.0.whl']\n",
        PACKAGE.format(more="markers = 'no marker'"),
        PACKAGE.format(more="dependencies = 3"),
        "",
    ],
)
def test_other_content_than_poetry_writes_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_poetrys_hash_is_read_from_the_end(ending):
    text = (
        PACKAGE.format(more="""description = '\n[metadata]\ncontent-hash = "other"'""") + METADATA
    )

    assert read_poetry_hash(text.replace("\n", ending)) == "feb5"


@pytest.mark.parametrize("text", ["", "[metadata]\n", "\n[metadata]\n<<<<<<<\n", "metadata = 5\n"])
def test_a_lock_without_a_hash_has_none(text):
    assert read_poetry_hash(text) == ""
