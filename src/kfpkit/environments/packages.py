"""Reads the packages of an environment's container from its lock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from kfpkit.environments.environment import Environment
from kfpkit.environments.files import LockedPackage, wheels


@dataclass(frozen=True, kw_only=True)
class Package:
    """A locked distribution.

    Args:
        name: Its normalized name.
        version: Its version.
        license: The license in its metadata. "" if there is none or it isn't known.
        wheels: The files that may be installed, with their hashes, such as "sha256:…".
        digests: The hashes of files with unknown names.
        requires: The names of its dependencies in the same lock, sorted.
    """

    name: str
    version: str
    license: str = ""
    wheels: tuple[tuple[str, str], ...] = ()
    digests: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


def list_packages(
    environment: Environment, licenses: Mapping[str, str] | None = None
) -> tuple[Package, ...]:
    """List the packages of a container on Linux (x86-64): the lock's, and kfp's runtime.

    Args:
        environment: The environment.
        licenses: Licenses by package name.

    Returns:
        The packages, sorted by name.

    Raises:
        StaleLockError: There is no lock.
        BrokenLockError: The lock can't be read.
    """
    known = licenses or {}
    locked = environment.lock.content.installed(environment.description.python)
    names = {package.name for package in locked}
    found = [
        Package(
            name=package.name,
            version=package.version,
            license=known.get(package.name, ""),
            wheels=_list_wheels(package, environment.description.python),
            requires=tuple(sorted(names & package.dependencies)),
        )
        for package in locked
    ]
    runtime = _read_runtime(environment, known)
    return tuple(sorted([*found, runtime], key=lambda package: package.name))


def list_direct_packages(environment: Environment) -> frozenset[str]:
    """Return the normalized names of the dependencies in the environment's `pyproject.toml`."""
    named = (re.match(r"\s*([\w.-]+)", text) for text in environment.description.dependencies)
    return frozenset(canonicalize_name(found[1]) for found in named if found)


def _read_runtime(environment: Environment, licenses: Mapping[str, str]) -> Package:
    pinned = environment.content.runtime
    text = environment.runtime_requirements.read_text(encoding="utf-8")
    return Package(
        name=pinned.name,
        version=pinned.version,
        license=licenses.get(pinned.name, ""),
        digests=tuple(re.findall(r"--hash=(\S+)", text)),
    )


def _list_wheels(package: LockedPackage, python: str) -> tuple[tuple[str, str], ...]:
    fitting = wheels.choose_wheels(package.files, python)
    return tuple(sorted((file.name, file.digest) for file in fitting))
