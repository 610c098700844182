"""What a module's reduction depends on besides the module."""

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
        changes: What statements of the module were found to change.
        needs_of_import: Names what an import needs of the author's machine.
        changes_by_import: Gives what importing a first-party module changes, and which one does so.
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
