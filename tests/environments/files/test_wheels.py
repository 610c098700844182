"""Which wheels a container can install, by their names alone."""

from __future__ import annotations

import pytest

from kfpkit.environments.files import wheels
from kfpkit.environments.files.lock import LockedFile


def fitting(*names: str) -> list[str]:
    files = [LockedFile(name=name, digest="sha256:0") for name in names]
    return [file.name for file in wheels.choose_wheels(files, "3.12")]


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
    assert fitting("fast-2.0.tar.gz", file) == [file]


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
def test_what_a_container_cannot_install_is_left_out(file):
    assert fitting(file) == []
