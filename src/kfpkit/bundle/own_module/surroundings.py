"""What a module's reduction depends on besides the module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kfpkit.bundle.availability import Availability
from kfpkit.bundle.effects import Definitions, Writers
from kfpkit.bundle.modules import Module


def _nothing(_: str) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What decides on a module's statements besides the module.

    Args:
        module: The module, by its dotted name.
        definitions: What its names stand for.
        availability: What the component's environment has.
        writers: What functions of the project change.
        stars: What each star import gives, by its line; None where that is unknown.
        supplied: Import statements for names that the module need not define.
        shipped: First-party modules that ship, by dotted name.
        imported: Modules that those import and the project does not have, by dotted name.
        changed_by: Gives the modules whose variables importing a first-party module changes.
    """

    module: Module
    definitions: Definitions
    availability: Availability
    writers: Writers
    stars: Mapping[int, frozenset[str] | None] = field(default_factory=dict)
    supplied: Mapping[str, str] = field(default_factory=dict)
    shipped: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    changed_by: Callable[[str], frozenset[str]] = _nothing
