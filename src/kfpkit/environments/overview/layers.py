"""Determines from the environments' files which layers images share.

The Dockerfile lists the distributions of some layers. Images with the same base share such a layer
if their locks contain the same versions of these distributions.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kfpkit.environments.environment import Environment
from kfpkit.errors import EnvironmentsError

_GROUP = re.compile(r'^ARG (ARRAYS|LEARNING|PLOTS)="([^"]+)"$', re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer of an image.

    Args:
        name: Its name in the Dockerfile.
        base: Everything else that determines it: the base image, the Python version, what is kept.
        packages: The names and versions of its distributions.
    """

    name: str
    base: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]

    @property
    def place(self) -> tuple[object, ...]:
        """The properties that layers share if only their versions differ."""
        return self.name, self.base, tuple(name for name, _ in self.packages)


@dataclass(frozen=True, kw_only=True)
class Split:
    """A layer that an image would share if its lock had the versions of other locks.

    Args:
        environment: The environment with the separate layer.
        layer: The layer's name.
        others: The environments with images that share that layer.
        packages: The distributions that differ, with the versions here and there.
    """

    environment: str
    layer: str
    others: tuple[str, ...]
    packages: tuple[tuple[str, str, str], ...]


def list_layers(environment: Environment) -> tuple[Layer, ...]:
    """List the layers of an environment's image that others may share.

    Raises:
        EnvironmentsError: The environment's files can't be read.
    """
    said, content = environment.description, environment.content
    below = (said.base_image, said.python)
    kept = (*below, *said.keep)
    groups = [(name.lower(), names.split("|")) for name, names in _GROUP.findall(content.recipe)]
    locked = _find_versions(environment, {one for _, names in groups for one in names})
    runtime = ((content.runtime.name, content.runtime.version),)
    named = (
        Layer(name=name, base=kept, packages=_select_packages(ones, locked))
        for name, ones in groups
    )
    return (
        Layer(name="base", base=below, packages=()),
        Layer(name="kfp", base=below, packages=runtime),
        *(layer for layer in named if layer.packages),
    )


def find_sharers(environments: Iterable[Environment]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Find out which environments' images share which layers.

    Args:
        environments: The environments. Unreadable ones share nothing.

    Returns:
        For each environment and layer, the names of the other environments, sorted. Layers that
        aren't shared are left out.
    """
    found = _collect_layers(environments)
    owners = _collect_owners(found)
    return {
        name: {
            layer.name: _without(name, owners[layer]) for layer in layers if len(owners[layer]) > 1
        }
        for name, layers in found.items()
    }


def find_splits(environments: Iterable[Environment]) -> tuple[Split, ...]:
    """Find the layers that aren't shared only because locks contain different versions.

    The version that most environments have counts as the shared one.

    Args:
        environments: The environments. Unreadable ones share nothing.

    Returns:
        A split for each layer, sorted by environment.
    """
    found = _collect_layers(environments)
    owners = _collect_owners(found)
    usual: dict[tuple[object, ...], Layer] = {}
    for layer, names in owners.items():
        other = usual.setdefault(layer.place, layer)
        if len(names) > len(owners[other]):
            usual[layer.place] = layer
    return tuple(
        _split(name, layer, shared, owners[shared])
        for name, layers in sorted(found.items())
        for layer in layers
        if (shared := usual[layer.place]) != layer
    )


def _split(name: str, layer: Layer, shared: Layer, others: Sequence[str]) -> Split:
    there = dict(shared.packages)
    differing = ((one, here, there[one]) for one, here in layer.packages if here != there[one])
    return Split(
        environment=name, layer=layer.name, others=_without(name, others), packages=tuple(differing)
    )


def _collect_layers(environments: Iterable[Environment]) -> dict[str, tuple[Layer, ...]]:
    found = {}
    for environment in environments:
        with contextlib.suppress(EnvironmentsError):
            found[environment.name] = list_layers(environment)
    return found


def _collect_owners(found: Mapping[str, Sequence[Layer]]) -> dict[Layer, list[str]]:
    owners: dict[Layer, list[str]] = {}
    for name, layers in sorted(found.items()):
        for layer in layers:
            owners.setdefault(layer, []).append(name)
    return owners


def _without(name: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in names if one != name)


def _find_versions(environment: Environment, names: Iterable[str]) -> dict[str, str]:
    """Find some distributions in a lock. Reading the whole lock would take too long."""
    known = "|".join(sorted(map(re.escape, names)))
    entry = rf'^\[\[package\]\]\nname = "({known})"\nversion = "([^"]+)"$'
    found = re.findall(entry, environment.lock.text, re.MULTILINE) if known else []
    versions = dict(found)
    if len(versions) == len(found):
        return versions
    # A lock may have several versions of a distribution, of which a marker chooses.
    return {
        one.name: one.version
        for one in environment.lock.content.installed(environment.description.python)
    }


def _select_packages(
    names: Iterable[str], locked: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple((name, locked[name]) for name in sorted(names) if name in locked)
