"""Whether a lock can be installed, from the lock alone."""

from __future__ import annotations

import pytest

from kfpkit.environments import wheels


def lock(*files: str, **more: object) -> dict[str, object]:
    package = {"name": "fast", "version": "2.0", "files": [{"file": file} for file in files]}
    return {"package": [package | more]}


@pytest.mark.parametrize(
    "file",
    [
        "fast-2.0-py3-none-any.whl",
        "fast-2.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        "fast-2.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "fast-2.0-py3-none-manylinux2014_x86_64.whl",
    ],
)
def test_a_wheel_for_the_container_is_enough(file):
    assert wheels.missing_wheels(lock(file, "fast-2.0.tar.gz"), "3.12") == []


@pytest.mark.parametrize(
    "file",
    [
        "fast-2.0.tar.gz",
        "fast-2.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        "fast-2.0-cp313-abi3-manylinux_2_28_x86_64.whl",
        "fast-2.0-cp312-cp312-musllinux_1_2_x86_64.whl",
        "fast-2.0-cp312-cp312-manylinux_2_28_aarch64.whl",
        "fast-2.0-cp312-cp312-macosx_11_0_arm64.whl",
        "fast-2.0-cp312-cp312-manylinux_2_39_x86_64.whl",
    ],
)
def test_what_a_container_cannot_install_is_named(file):
    (problem,) = wheels.missing_wheels(lock(file), "3.12")

    assert "`fast` 2.0 has no wheel for Python 3.12" in problem


@pytest.mark.parametrize(
    "more",
    [
        {"optional": True},
        {"groups": ["dev"]},
        {"markers": 'sys_platform == "win32"'},
        {"markers": {"main": 'python_version < "3.12"'}},
    ],
)
def test_what_a_container_does_not_get_needs_no_wheel(more):
    assert wheels.missing_wheels(lock("fast-2.0.tar.gz", **more), "3.12") == []


def test_an_address_is_reported_but_not_shown():
    source = {"type": "legacy", "url": "https://user:secret@index.example/simple"}

    (problem,) = wheels.foreign_sources(lock(source=source))

    assert "`fast`" in problem
    assert "secret" not in problem
