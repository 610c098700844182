"""Finds the files that ship because a component's module reaches them, and its external imports.

A walk begins at the component's module and at its helpers. It follows the imports of each admitted
module, which admits further modules. When no module is waiting, it finds the files that the modules
name, which may admit more modules, until nothing is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kfpkit.bundle.bundle import ExternalImport, ShippedFile
from kfpkit.bundle.gathering.admission import Admission
from kfpkit.bundle.gathering.following import Following
from kfpkit.bundle.gathering.named_files import NamedFiles
from kfpkit.bundle.gathering.sources import Sources
from kfpkit.bundle.gathering.unseen import UnseenImport, UnshippedFile
from kfpkit.bundle.gathering.walked import Importer, Walked
from kfpkit.bundle.modules import Module
from kfpkit.bundle.reading import ImportStatement, read_dynamic_imports, read_source
from kfpkit.place import Place


@dataclass(frozen=True, kw_only=True)
class Start:
    """A module at which a walk begins.

    Args:
        module: The module.
        chain: The reason why it ships.
        place: The place that requires it.
        whole: Whether everything below it ships too, if it is a package.
    """

    module: Module
    chain: tuple[str, ...]
    place: Place
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The result of a walk.

    Args:
        files: The files that ship, in the order in which they were found.
        shipped: The modules that ship, by dotted name.
        imported: Their imports that the project lacks, by dotted name.
        external: The imports that the environment must provide, by dotted name.
        unseen: Imports with names that are known only at run time.
        unshipped: Named files that don't ship.
        asked: Modules that ship in part, each with a name that another module imports from it.
        skipped: Files that don't ship with their package or folder.
        folders: The folders in which a new file would be found.
    """

    files: tuple[ShippedFile, ...]
    shipped: frozenset[str]
    imported: frozenset[str]
    external: Mapping[str, ExternalImport]
    unseen: tuple[UnseenImport, ...]
    unshipped: tuple[UnshippedFile, ...]
    asked: frozenset[tuple[str, str]]
    skipped: frozenset[Path]
    folders: frozenset[Path]


def find_reach(starts: Iterable[Start], *, sources: Sources, named: NamedFiles) -> Reach:
    """Follow imports from module to module.

    Args:
        starts: The modules to begin at. Each is followed to its end before the next one.
        sources: Finds modules.
        named: Finds the files that modules name, for the shipment of this walk.

    Raises:
        BundleError: Something cannot work in a container. The error names its place.
    """
    walked = Walked(shipment=named.shipment)
    walk = _Walk(sources=sources, walked=walked, named=named)
    for start in starts:
        walk.ship(start)
    return Reach(
        files=tuple(walked.shipment.files.values()),
        shipped=frozenset(walked.shipped),
        imported=frozenset(walked.imported),
        external=walked.external,
        unseen=tuple(walked.unseen),
        unshipped=tuple(named.unshipped),
        asked=frozenset(walked.asked),
        skipped=frozenset({*walked.skipped, *named.skipped}),
        folders=frozenset(named.folders),
    )


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A module with followed imports and named files that are still to be found."""

    importer: Importer
    content: bytes
    imports: tuple[ImportStatement, ...]


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """Goes from module to module."""

    sources: Sources
    walked: Walked
    named: NamedFiles
    _read: deque[_Read] = field(default_factory=deque, init=False)

    @property
    def _admission(self) -> Admission:
        return Admission(sources=self.sources, walked=self.walked)

    @property
    def _following(self) -> Following:
        return Following(sources=self.sources, walked=self.walked, admission=self._admission)

    def ship(self, start: Start) -> None:
        """Ship a module and everything that it reaches."""
        self._admission.admit(start.module, start.chain, start.place)
        self._follow_all()
        if start.whole:
            self._admission.admit_package(start.module, start.chain, start.place)
            self._follow_all()

    def _follow_all(self) -> None:
        while self.walked.waiting or self._read:
            if self.walked.waiting:
                self._follow_imports(self.walked.waiting.popleft())
            else:
                self._ship_named(self._read.popleft())

    def _follow_imports(self, importer: Importer) -> None:
        partial = self.sources.partials.get(importer.module.name)
        if partial:
            content, imports = partial.reduction.content, partial.reduction.imports
            dynamic = read_dynamic_imports(content)
        else:
            source = read_source(importer.module.file or "")
            content, imports, dynamic = source.content, source.imports, source.dynamic
        for statement in (*imports, *dynamic.statements):
            made = replace(statement, optional=True) if importer.optional else statement
            self._following.follow(made, importer)
        for unknown in dynamic.unknown:
            self._following.follow_unknown(unknown, importer)
        self._read.append(_Read(importer=importer, content=content, imports=imports))

    def _ship_named(self, read: _Read) -> None:
        """Ship the files that a module names, once all imports are known."""
        importer = read.importer
        for place, each in self.named.find(importer.module, read.content, read.imports):
            if isinstance(each, Module):
                self._admission.admit(each, (*importer.chain, each.name), place)
                continue
            chain = (*importer.chain, each.path)
            name = each.path.removesuffix(".py").replace("/", ".")
            module = self.sources.modules.find(name) if each.path.endswith(".py") else None
            if module is not None and module.file == str(each.file):
                # Whether it is ever imported is not known, so its imports need not be there.
                self._admission.admit(module, chain, place, loose=True, optional=True)
            else:
                self.walked.shipment.put(each.path, each.content, each.file, chain)
