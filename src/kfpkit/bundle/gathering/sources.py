"""Finds the modules that a walk can reach: whole ones, and those that ship in part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kfpkit.bundle.modules import Module, Modules
from kfpkit.bundle.own_module import Partial


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Finds the modules that can ship.

    Args:
        modules: Finds first-party modules.
        partials: The modules that ship in part, by dotted name.
        embedded: Import names that an embedded folder provides.
    """

    modules: Modules
    partials: Mapping[str, Partial]
    embedded: frozenset[str] = frozenset()

    def locate(self, name: str) -> Module | None:
        """Find a module by its dotted name. None if the project lacks it."""
        partial = self.partials.get(name)
        return partial.module if partial else self.modules.find(name)
