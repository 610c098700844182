"""Merges the imports that all environments of a project provide."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from kfpkit.environments.finding import find_environment, list_environment_names
from kfpkit.errors import EnvironmentsError
from kfpkit.project import Project


@dataclass(frozen=True, kw_only=True)
class Provision:
    """The origin of an import name.

    Args:
        distribution: The distribution that provides it.
        environments: The environments with locks that contain it, sorted.
    """

    distribution: str
    environments: tuple[str, ...]


def collect_provided_imports(project: Project) -> Mapping[str, Provision]:
    """Return the import names that any environment of a project provides.

    An environment with an unreadable `imports.json` is left out. Components that use it report the
    problem.

    Args:
        project: The project.

    Returns:
        The shortest prefixes that distinguish distributions, as in `imports.json`.
    """
    found: dict[str, Provision] = {}
    for name in list_environment_names(project):
        with contextlib.suppress(EnvironmentsError):
            for prefix, distribution in find_environment(project, name).manifest.imports.items():
                others = found[prefix].environments if prefix in found else ()
                found[prefix] = Provision(
                    distribution=distribution.name, environments=(*others, name)
                )
    return found
