"""The components of the catalogue, with the environments that they run in."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import kfpkit.components
from kfpkit.authoring import Component, Port
from kfpkit.bundle import Bundle, BundleWarning, check, collect
from kfpkit.environments import (
    Environment,
    find_environment,
    find_shipped,
    list_shipped_names,
)
from kfpkit.errors import BundleError, EnvironmentsError, UnknownCatalogueComponentError
from kfpkit.images import survey_environments
from kfpkit.project import Project

_PACKAGE = kfpkit.components.__name__


@dataclass(frozen=True, kw_only=True)
class Place:
    """An environment that a component can run in.

    Args:
        name: Its name.
        in_project: Whether the project has it. Otherwise, kfpkit has it, and a project can copy it.
        size: The image's uncompressed size in bytes, if this machine has built it.
        compressed: The bytes that a pull of the image transfers, if this machine has built it.
    """

    name: str
    in_project: bool
    size: int | None = None
    compressed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A component of the catalogue.

    Args:
        name: Its name.
        purpose: What it does, in a sentence.
        description: What it does, in full.
        environment: The environment that it runs in unless it is bound to another one.
        inputs: Its inputs.
        outputs: Its outputs.
        environments: The environments that provide what it imports.
    """

    name: str
    purpose: str
    description: str
    environment: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    environments: tuple[Place, ...]

    def matches(self, words: Iterable[str]) -> bool:
        """Return whether each word occurs in the entry, in upper or lower case.

        Args:
            words: The words. The name, the purpose, the inputs, the outputs and the environments
                are searched.
        """
        ports = [*self.inputs, *self.outputs]
        named = [part for port in ports for part in (port.name, port.type, port.description)]
        places = [place.name for place in self.environments]
        text = " ".join([self.name, self.purpose, *named, *places]).lower()
        return all(word.lower() in text for word in words)


def list_entries(project: Project) -> tuple[Entry, ...]:
    """List the components of the catalogue, sorted by name.

    Args:
        project: The project whose environments count, in addition to kfpkit's.
    """
    candidates = _list_candidates(project)
    return tuple(_make_entry(name, project, candidates) for name in list_names())


def find_entry(name: str, project: Project) -> Entry:
    """Find a component of the catalogue.

    Args:
        name: Its name.
        project: The project whose environments count, in addition to kfpkit's.

    Raises:
        UnknownCatalogueComponentError: The catalogue doesn't have the component.
    """
    if name not in list_names():
        raise UnknownCatalogueComponentError(name=name, known=list_names())
    return _make_entry(name, project, _list_candidates(project))


def list_names() -> list[str]:
    """Return the names of the catalogue's components, sorted, without importing them."""
    return sorted(module.name for module in pkgutil.iter_modules(kfpkit.components.__path__))


def _make_entry(
    name: str, project: Project, candidates: Iterable[tuple[Environment, Place]]
) -> Entry:
    component: Component = getattr(importlib.import_module(f"{_PACKAGE}.{name}"), name)
    bundle = _collect_bundle(component, project)
    description = component.purpose
    return Entry(
        name=name,
        purpose=description.partition("\n")[0],
        description=description,
        environment=component.options.environment or "",
        inputs=component.inputs,
        outputs=component.outputs,
        environments=tuple(place for each, place in candidates if _fits(bundle, each)),
    )


def _collect_bundle(component: Component, project: Project) -> Bundle:
    """Collect what ships, whatever the environment."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BundleWarning)
        return collect(
            component.python_func,
            project=project,
            helpers=component.options.helpers,
            environment=None,
        )


def _fits(bundle: Bundle, environment: Environment) -> bool:
    try:
        check(bundle, environment)
    except (BundleError, EnvironmentsError):
        return False
    return True


def _list_candidates(project: Project) -> Sequence[tuple[Environment, Place]]:
    """List the environments that have images: the project's, and kfpkit's that it lacks."""
    own = {
        row.name: (
            find_environment(project, row.name),
            Place(name=row.name, in_project=True, size=row.size, compressed=row.compressed),
        )
        for row in survey_environments(project)
        if not row.problem
    }
    shipped = {
        name: (find_shipped(f"kfpkit:{name}"), Place(name=name, in_project=False))
        for name in list_shipped_names()
    }
    candidates = sorted({**shipped, **own}.items())
    return [each for _, each in candidates if each[0].description.has_image]
