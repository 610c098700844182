"""Determines which images are missing, and what changed since the newest existing one."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.environments import (
    Environment,
    choose_environments,
    describe_changes,
    list_environments,
    require_fresh,
)
from kfpkit.environments.overview import Split, find_splits
from kfpkit.errors import NoImageError, NoRegistryError
from kfpkit.images import records
from kfpkit.images.labels import read_parts
from kfpkit.images.registry import Registry, ask_all, host_of, newest_of, parse
from kfpkit.project import Project


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An environment in a plan.

    Args:
        environment: The environment.
        exists: Whether its image exists.
        reasons: Why its image must be built. Empty if it exists.
    """

    environment: Environment
    exists: bool
    reasons: tuple[str, ...] = ()

    @property
    def image(self) -> str:
        """The image reference."""
        return self.environment.image


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The environments with an image, and those that need a build.

    Args:
        entries: The environments that have images, sorted by name.
        asked: The source of the facts: the registry's name, or "this machine's records".
        splits: The layers that these images don't share, only because their locks differ.
    """

    entries: tuple[Entry, ...]
    asked: str
    splits: tuple[Split, ...] = ()

    @property
    def to_build(self) -> tuple[Entry, ...]:
        """The environments with a missing image."""
        return tuple(entry for entry in self.entries if not entry.exists)


def plan(project: Project, names: Sequence[str] = (), *, offline: bool = False) -> Plan:
    """Determine by content hash which environments need a build.

    Args:
        project: The project.
        names: The environments (default: all that have images).
        offline: Use this machine's records of builds and pushes instead of the registry.

    Returns:
        The plan.

    Raises:
        EnvironmentsError: An environment is unknown or invalid, its lock is outdated, or the
            project has no environments.
        NoImageError: A named environment has no image.
        NoRegistryError: The project's registry has no host.
        RegistryError: The registry can't be queried.
    """
    chosen = select_environments(project, names)
    split = _find_splits(project, chosen)
    if offline:
        entries = [_plan_by_record(project, environment) for environment in chosen]
        return Plan(entries=tuple(entries), asked="this machine's records", splits=split)
    require_registry(project)
    with contextlib.closing(Registry()) as registry:
        entries = ask_all(lambda one: _plan_by_registry(registry, one), chosen)
    return Plan(entries=tuple(entries), asked=project.registry, splits=split)


def _find_splits(project: Project, chosen: Sequence[Environment]) -> tuple[Split, ...]:
    """Compare the locks of some environments with all others."""
    names = {environment.name for environment in chosen}
    found = find_splits(one for one in list_environments(project) if one.description.has_image)
    return tuple(split for split in found if split.environment in names)


def select_environments(project: Project, names: Sequence[str]) -> tuple[Environment, ...]:
    """Find environments by name, or all with images, and check that their locks are fresh."""
    found = choose_environments(project, names)
    chosen = tuple(one for one in found if names or one.description.has_image)
    for environment in chosen:
        if not environment.description.has_image:
            raise NoImageError(name=environment.name, file=environment.pyproject)
        environment.description.require_valid()
        require_fresh(environment)
    return chosen


def require_registry(project: Project) -> None:
    """Refuse a project with a registry that has no host."""
    if not host_of(project.registry):
        raise NoRegistryError(registry=project.registry, root=project.root)


def _plan_by_registry(registry: Registry, environment: Environment) -> Entry:
    reference = parse(environment.image)
    if registry.digest(reference) is not None:
        return Entry(environment=environment, exists=True)
    last = registry.find(newest_of(reference))
    if last is None:
        return Entry(environment=environment, exists=False, reasons=("never pushed",))
    return _missing(environment, read_parts(last.labels))


def _plan_by_record(project: Project, environment: Environment) -> Entry:
    record = records.read(project, environment)
    if record is not None and record.digest:
        return Entry(environment=environment, exists=True)
    if record is not None:
        return Entry(environment=environment, exists=False, reasons=("built, not pushed",))
    last = records.read_newest(project, environment)
    if last is None:
        return Entry(environment=environment, exists=False, reasons=("never built here",))
    return _missing(environment, dict(last.parts))


def _missing(environment: Environment, before: dict[str, str]) -> Entry:
    found = describe_changes(before, environment.content.parts) if before else ()
    return Entry(environment=environment, exists=False, reasons=found or ("tag missing",))
