"""Whether a lock can be installed in a container, read from the lock alone.

Poetry resolves by metadata, so it locks a release that has no wheel for the environment's Python,
or one that exists as source only; the wheels' file names, which stand in the lock, show it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

_NEWEST_GLIBC = 36
_PLATFORMS = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(_NEWEST_GLIBC, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
    "linux_x86_64",
)


def missing_wheels(lock: Mapping[str, Any], python: str) -> list[str]:
    """Name what has no wheel for Linux on x86-64 with the given Python.

    Args:
        lock: The parsed lock.
        python: Such as "3.12".

    Returns:
        A line for each locked package that cannot be installed.
    """
    return [
        f"`{package['name']}` {package['version']} has no wheel for Python {python} on Linux "
        f"(x86-64). Allow another version of it."
        for package in installed_packages(lock, python)
        if not fitting_wheels(package, python)
    ]


def fitting_wheels(package: Mapping[str, Any], python: str) -> list[Mapping[str, str]]:
    """List the wheels of a locked package that a container can install.

    Args:
        package: The package, as the lock has it.
        python: Such as "3.12".

    Returns:
        The lock's `file` and `hash` of each.
    """
    fitting = _tags(python)
    return [file for file in package.get("files", []) if _tags_of(file["file"]) & fitting]


def foreign_sources(lock: Mapping[str, Any]) -> list[str]:
    """Name what is locked from an index, address or folder of its own.

    Args:
        lock: The parsed lock.

    Returns:
        A line for each package; the address itself, which may hold a password, is not shown.
    """
    return [
        f"`{package['name']}` is locked from a {package['source'].get('type', 'source')} of its "
        f"own, whose address stands in the lock. Take the source or the path out of pyproject.toml "
        f"and choose the index by `POETRY_PYPI_MIRROR_URL` and `UV_DEFAULT_INDEX`."
        for package in lock.get("package", [])
        if "source" in package
    ]


def installed_packages(lock: Mapping[str, Any], python: str) -> Iterator[Mapping[str, Any]]:
    """Go through the packages of a lock that a container with the given Python gets."""
    container = _marker_environment(python)
    for package in lock.get("package", []):
        if package.get("optional") or "main" not in package.get("groups", ["main"]):
            continue
        marker = package.get("markers", "")
        text = marker.get("main", "") if isinstance(marker, Mapping) else marker
        if not text or Marker(text).evaluate(container):
            yield package


def _tags_of(file: str) -> frozenset[Tag]:
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


def _marker_environment(python: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
        "extra": "",
    }
