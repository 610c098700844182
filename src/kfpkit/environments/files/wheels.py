"""Determines from file names which wheels a container can install.

Poetry resolves by metadata, so it may lock a release without a wheel for the environment's Python,
or a release that exists only as source. The file names of the wheels in the lock reveal this.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from kfpkit.environments.files.lock import LockedFile

_NEWEST_GLIBC = 36
_PLATFORMS = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(_NEWEST_GLIBC, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
    "linux_x86_64",
)


def choose_wheels(files: Iterable[LockedFile], python: str) -> tuple[LockedFile, ...]:
    """Choose the wheels for Linux on x86-64 with the given Python.

    Args:
        files: Files of a locked package.
        python: The version, such as "3.12".
    """
    tags = _tags(python)
    return tuple(file for file in files if _read_tags(file.name) & tags)


def _read_tags(file: str) -> frozenset[Tag]:
    try:
        return parse_wheel_filename(file)[3]
    except InvalidWheelFilename:
        return frozenset()


@functools.lru_cache(maxsize=16)
def _tags(python: str) -> frozenset[Tag]:
    version: Sequence[int] = tuple(int(part) for part in python.split("."))
    interpreter = f"cp{python.replace('.', '')}"
    own = cpython_tags(python_version=version, abis=[interpreter], platforms=_PLATFORMS)
    pure = compatible_tags(python_version=version, interpreter=interpreter, platforms=_PLATFORMS)
    return frozenset((*own, *pure))
