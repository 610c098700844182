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
    """A shipped file whose imports are followed.

    Args:
        module: The module in it.
        chain: Why it ships.
        optional: Whether what it imports need not be there.
    """

    module: Module
    chain: tuple[str, ...]
    optional: bool

    def place(self, line: int) -> Place:
        """Return the place of a line."""
        return Place(Path(self.module.file or ""), line)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What a walk has found so far; it only grows.

    Args:
        shipment: What ships.
        waiting: Shipped modules whose imports are still to be followed.
        shipped: The modules that ship, by dotted name.
        imported: What they import that the project does not have, by dotted name.
        external: What the environment has to provide, by dotted name.
        unseen: Imports whose names only running code knows.
        asked: Modules that ship in part, each with a name that another module imports from it.
        skipped: What does not ship of the packages that ship as a whole.
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
        """Note what the environment has to provide; the first place of an import counts."""
        for each in imports:
            self.external.setdefault(each.module, each)

    def ask(self, module: str, names: Iterable[str]) -> None:
        """Ask a module that ships in part for some of its names."""
        self.asked.update((module, name) for name in names)
