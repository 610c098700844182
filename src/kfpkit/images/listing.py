"""Lists the known facts about environments, one row each. A problem affects only its row."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kfpkit.environments import Environment, find_environment, list_environment_names, require_fresh
from kfpkit.environments.overview import find_components, find_sharers
from kfpkit.environments.venvs import has_virtual_environment
from kfpkit.errors import (
    BrokenLockError,
    EnvironmentsError,
    ImagesError,
    ImagesNotInstalledError,
    NoRegistryError,
    RegistryUnreachableError,
    StaleLockError,
)
from kfpkit.images import records
from kfpkit.images.planning import require_registry
from kfpkit.images.registry import Registry, ask_all, parse
from kfpkit.project import Project

_POINTLESS_TO_GO_ON = (NoRegistryError, ImagesNotInstalledError, RegistryUnreachableError)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of `kfpkit env list`. None means unknown.

    Args:
        name: Its name.
        python: Its Python version.
        locked: Whether it has a lock.
        packages: The number of locked packages.
        content_hash: Its content hash.
        image: Its image reference. Also None for tools without an image.
        exists: Whether the registry has the image.
        size: The image's uncompressed size in bytes, if this machine has built it.
        compressed: The bytes that a pull of the image transfers.
        state: A word for the state of the image, or for why the environment has none.
        virtual_environment: Whether its virtual environment exists on this machine.
        components: The components that use it.
        shared: The layers that its image shares, with the other environments.
        problem: The problem, with its remedy.
    """

    name: str
    python: str | None = None
    locked: bool = False
    packages: int | None = None
    content_hash: str | None = None
    image: str | None = None
    exists: bool | None = None
    size: int | None = None
    compressed: int | None = None
    state: str = "no lock"
    virtual_environment: bool = False
    components: tuple[str, ...] = ()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: str | None = None


def survey_environments(project: Project, *, ask: bool = False) -> tuple[Row, ...]:
    """Collect the facts about the environments of a project.

    Args:
        project: The project.
        ask: Query the registry about their images, instead of using this machine's records.

    Returns:
        A row for each environment, sorted by name.
    """
    used = find_components(project)
    shared = find_sharers(_list_with_images(project))
    rows = [
        replace(_make_row(project, name, used.get(name, ())), shared=shared.get(name, {}))
        for name in list_environment_names(project)
    ]
    return tuple(_ask_registry(project, rows) if ask else rows)


def _list_with_images(project: Project) -> Iterator[Environment]:
    for name in list_environment_names(project):
        with contextlib.suppress(EnvironmentsError):
            environment = find_environment(project, name)
            if environment.description.has_image:
                yield environment


def _make_row(project: Project, name: str, components: tuple[str, ...]) -> Row:
    row = Row(name=name, components=components)
    try:
        environment = find_environment(project, name)
        row = replace(
            row, python=environment.description.python, locked=environment.lock.path.is_file()
        )
        environment.description.require_valid()
        if not row.locked:
            return row
        row = replace(
            row,
            packages=len(environment.lock.content.packages),
            content_hash=environment.content.hash,
            virtual_environment=has_virtual_environment(environment),
        )
        require_fresh(environment)
    except StaleLockError as error:
        return replace(row, state="stale lock", problem=str(error))
    except BrokenLockError as error:
        return replace(row, state="broken lock", problem=str(error))
    except EnvironmentsError as error:
        return replace(row, state="invalid", problem=str(error))
    return _add_record(row, project, environment)


def _add_record(row: Row, project: Project, environment: Environment) -> Row:
    if not environment.description.has_image:
        return replace(row, state="none")
    row = replace(row, image=environment.image, state="unknown")
    record = records.read(project, environment)
    if record is None:
        return row
    return replace(
        row,
        size=record.size,
        compressed=record.compressed,
        exists=True if record.digest else None,
        state="exists" if record.digest else "built here",
    )


def _ask_registry(project: Project, rows: Sequence[Row]) -> list[Row]:
    """Query the registry about many images in parallel."""
    ends: list[str] = []
    try:
        require_registry(project)
    except NoRegistryError as error:
        ends.append(str(error))
    with contextlib.closing(Registry()) as registry:
        return ask_all(functools.partial(_ask_about, registry, ends), rows)


def _ask_about(registry: Registry, ends: list[str], row: Row) -> Row:
    """Query the registry about an image, unless `ends` states why further queries are useless."""
    if row.image is None or row.problem:
        return row
    unasked = replace(row, exists=None, state="not asked")
    if ends:
        return replace(unasked, problem=ends[0])
    try:
        found = registry.find(parse(row.image))
    except _POINTLESS_TO_GO_ON as error:
        ends.append(str(error))
        return replace(unasked, problem=ends[0])
    except ImagesError as error:
        return replace(unasked, problem=str(error))
    if found is None:
        return replace(row, exists=False, compressed=None, state="missing")
    return replace(row, exists=True, compressed=found.size, state="exists")
