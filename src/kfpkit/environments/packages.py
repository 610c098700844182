"""The packages that an environment's container holds, read from its lock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from kfpkit.environments import wheels
from kfpkit.environments.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Package:
    """A locked distribution.

    Args:
        name: Its normalised name.
        version: Its version.
        licence: What its metadata declares; "" when that is nothing or not known.
        wheels: The files that may be installed, each with its hash, such as "sha256:…".
        requires: The names of the packages of the same lock that it depends on, sorted.
    """

    name: str
    version: str
    licence: str = ""
    wheels: tuple[tuple[str, str], ...] = ()
    requires: tuple[str, ...] = ()


def locked_packages(
    environment: Environment, licences: Mapping[str, str] | None = None
) -> tuple[Package, ...]:
    """List what a container on Linux (x86-64) gets: the lock's packages and kfp's runtime.

    Args:
        environment: The environment.
        licences: Licences by package name.

    Returns:
        The packages, sorted by name.

    Raises:
        StaleLockError: There is no lock.
        BrokenLockError: The lock cannot be read.
    """
    known = licences or {}
    locked = list(wheels.installed_packages(environment.lock_document, environment.python))
    names = {package["name"] for package in locked}
    found = [
        Package(
            name=package["name"],
            version=package["version"],
            licence=known.get(package["name"], ""),
            wheels=_wheels(package, environment.python),
            requires=tuple(sorted(names & _names(package.get("dependencies", {})))),
        )
        for package in locked
    ]
    runtime = environment.runtime
    kfp = Package(name=runtime.name, version=runtime.version, licence=known.get(runtime.name, ""))
    return tuple(sorted([*found, kfp], key=lambda package: package.name))


def direct_packages(environment: Environment) -> frozenset[str]:
    """Name what the environment's `pyproject.toml` asks for, and kfp."""
    asked = environment.document.get("project", {}).get("dependencies", [])
    named = [found[0] for text in asked if (found := re.match(r"[\w.-]+", str(text).strip()))]
    return frozenset((*_names(named), environment.runtime.name))


def _wheels(package: Mapping[str, Any], python: str) -> tuple[tuple[str, str], ...]:
    fitting = wheels.fitting_wheels(package, python)
    return tuple(sorted((file["file"], file["hash"]) for file in fitting))


def _names(dependencies: object) -> set[str]:
    names = dependencies if isinstance(dependencies, (dict, list)) else ()
    return {canonicalize_name(str(name)) for name in names}
