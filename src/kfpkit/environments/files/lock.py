"""Reads the content of a `poetry.lock`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from kfpkit import toml

if TYPE_CHECKING:
    from packaging.markers import Marker

_GROUP = "main"


@dataclass(frozen=True, kw_only=True)
class LockedFile:
    """A file of a locked package.

    Args:
        name: Its name, which shows the platforms of a wheel.
        digest: Its hash, such as "sha256:…".
    """

    name: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class LockedPackage:
    """A package that a lock pins.

    Args:
        name: Its normalized name.
        version: Its version.
        files: Its files in an index.
        dependencies: The normalized names of its dependencies.
        source: The source that it is locked from: "git", "directory", or "legacy" for a separate
            index. Empty for the default index.
        is_wanted: Whether the dependencies themselves need it, not only an extra or a group.
        marker: The condition for installing it. None to install it everywhere.
    """

    name: str
    version: str
    files: tuple[LockedFile, ...]
    dependencies: frozenset[str] = frozenset()
    source: str = ""
    is_wanted: bool = True
    marker: Marker | None = None


@dataclass(frozen=True, kw_only=True)
class Lock:
    """The content of a lock.

    Args:
        packages: All pinned packages, for every platform and Python.
    """

    packages: tuple[LockedPackage, ...]

    def installed(self, python: str) -> tuple[LockedPackage, ...]:
        """Choose the packages for a container on Linux (x86-64) with the given Python.

        Args:
            python: The version, such as "3.12".
        """
        container = _marker_environment(python)
        return tuple(
            package
            for package in self.packages
            if package.is_wanted and (package.marker is None or package.marker.evaluate(container))
        )


def parse(text: str) -> Lock:
    """Parse a lock.

    Args:
        text: The file's content.

    Raises:
        ValueError: It isn't TOML, or Poetry didn't write it.
    """
    document = toml.parse(text)
    try:
        return Lock(packages=tuple(map(_read_package, document["package"])))
    except (AttributeError, KeyError, TypeError):
        raise ValueError("it has no list of packages with names, versions and files") from None


def read_poetry_hash(text: str) -> str:
    """Read the hash at the end of a lock. "" if there is none.

    Only the last table is parsed, because every compilation needs the hash and a whole lock takes
    long.
    """
    _, header, rest = text.replace("\r\n", "\n").rpartition("\n[metadata]\n")
    try:
        metadata = toml.read_table(toml.parse(f"{header}{rest}"), "metadata")
    except ValueError:
        return ""
    return str(metadata.get("content-hash", ""))


def _read_package(entry: Mapping[str, Any]) -> LockedPackage:
    return LockedPackage(
        name=entry["name"],
        version=entry["version"],
        files=tuple(LockedFile(name=file["file"], digest=file["hash"]) for file in entry["files"]),
        dependencies=frozenset(map(canonicalize_name, entry.get("dependencies", {}))),
        source=entry["source"].get("type", "source") if "source" in entry else "",
        is_wanted=not entry.get("optional") and _GROUP in entry.get("groups", [_GROUP]),
        marker=_marker(entry.get("markers", "")),
    )


def _marker(markers: str | Mapping[str, str]) -> Marker | None:
    text = markers if isinstance(markers, str) else markers.get(_GROUP, "")
    if not text:
        return None
    from packaging.markers import Marker  # noqa: PLC0415 - most locks have none

    return Marker(text)


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
