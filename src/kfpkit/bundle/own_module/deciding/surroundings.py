"""Everything outside a module that determines its reduction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kfpkit.bundle.availability import Availability
from kfpkit.bundle.effects import Change, Definitions, Writers
from kfpkit.bundle.modules import Module
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.reading import ImportStatement


def _nothing(_: str) -> tuple[tuple[str, Change], ...]:
    return ()


def _no_need(_: ImportStatement) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Everything outside a module that determines the decisions about its statements.

    Args:
        module: The module's dotted name.
        definitions: The definitions of its names.
        availability: What the component's environment provides.
        writers: What the project's functions change.
        stars: The names that each star import binds, by line. None if unknown.
        supplied: Import statements for names that the module need not define.
        shipped: First-party modules that ship, by dotted name.
        imported: The dotted names of modules that those import and the project lacks.
        changes: The known effects of the module's statements.
        needs_of_import: Returns what an import needs of the author's machine.
        changes_by_import: Returns what importing a first-party module changes, and which module
            does so.
    """

    module: Module
    definitions: Definitions
    availability: Availability
    writers: Writers
    stars: Mapping[int, frozenset[str] | None] = field(default_factory=dict)
    supplied: Mapping[str, str] = field(default_factory=dict)
    shipped: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    changes: dict[Statement, tuple[Change, ...]] = field(default_factory=dict)
    needs_of_import: Callable[[ImportStatement], str | None] = _no_need
    changes_by_import: Callable[[str], Iterable[tuple[str, Change]]] = _nothing
