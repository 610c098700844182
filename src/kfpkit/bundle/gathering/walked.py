"""The state of a walk from module to module."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.bundle.bundle import ExternalImport
from kfpkit.bundle.gathering.shipment import Shipment
from kfpkit.bundle.gathering.unseen import UnseenImport
from kfpkit.bundle.modules import Module
from kfpkit.place import Place


@dataclass(frozen=True, kw_only=True)
class Importer:
    """A shipped file with imports to follow.

    Args:
        module: Its module.
        chain: The reason why it ships.
        optional: Whether its imports may be missing.
    """

    module: Module
    chain: tuple[str, ...]
    optional: bool

    def place(self, line: int) -> Place:
        """Return the place of a line."""
        return Place(Path(self.module.file or ""), line)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """The results of a walk so far. Results are only added.

    Args:
        shipment: The files that ship.
        waiting: Shipped modules with imports that haven't been followed yet.
        shipped: The modules that ship, by dotted name.
        imported: Their imports that the project lacks, by dotted name.
        external: The imports that the environment must provide, by dotted name.
        unseen: Imports with names that are known only at run time.
        asked: Modules that ship in part, each with a name that another module imports from it.
        skipped: Files that don't ship with their package.
    """

    shipment: Shipment
    waiting: deque[Importer] = field(default_factory=deque, init=False)
    shipped: set[str] = field(default_factory=set, init=False)
    imported: set[str] = field(default_factory=set, init=False)
    external: dict[str, ExternalImport] = field(default_factory=dict, init=False)
    unseen: list[UnseenImport] = field(default_factory=list, init=False)
    asked: set[tuple[str, str]] = field(default_factory=set, init=False)
    skipped: list[Path] = field(default_factory=list, init=False)

    def expect(self, imports: Iterable[ExternalImport]) -> None:
        """Record an import that the environment must provide. Its first place counts."""
        for each in imports:
            self.external.setdefault(each.module, each)

    def ask(self, module: str, names: Iterable[str]) -> None:
        """Request some names from a module that ships in part."""
        self.asked.update((module, name) for name in names)
