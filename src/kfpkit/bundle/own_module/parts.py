"""Reduces the modules that ship in part: the component's own, and those of additional functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kfpkit.bundle.availability import Availability, Environment
from kfpkit.bundle.effects import Change, Targets, Writers
from kfpkit.bundle.modules import Module, Modules
from kfpkit.bundle.own_module.deciding import Surroundings, find_component_makers, select
from kfpkit.bundle.own_module.importing import FirstParty, Importing
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.origin import Origin, find_origin_in_cells
from kfpkit.bundle.own_module.reduction import Reduction, reduce
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import read_source
from kfpkit.bundle.stars import Stars

_Code = tuple[Writers, Importing, dict[Statement, tuple[Change, ...]]]


@dataclass(frozen=True, kw_only=True)
class Partial:
    """A module that ships in part.

    Args:
        module: The module.
        reduction: The part that ships.
        names: All names that its top level binds.
    """

    module: Module
    reduction: Reduction
    names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """The modules found so far. The parts depend on them in turn.

    Args:
        asked: Modules that ship in part, each with a name that other modules import from it.
        shipped: First-party modules that ship, by dotted name.
        imported: Modules that those import and the project lacks.
    """

    asked: frozenset[tuple[str, str]] = frozenset()
    shipped: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Reduces the modules that ship in part.

    Args:
        modules: Finds first-party modules.
        origin: The component's function.
        others: Additional functions.
        environment: The component's environment. None for a foreign image.
    """

    modules: Modules
    origin: Origin
    others: tuple[Origin, ...] = ()
    environment: Environment | None = None
    _read: dict[tuple[int, bool], _Code] = field(default_factory=dict)

    def reduce(self, found: Found) -> dict[str, Partial]:
        """Return the modules that ship in part, by dotted name, based on what else ships."""
        own = self.origin.module_name
        roots: dict[str, list[Origin]] = {own: [self.origin]}
        for other in self.others:
            roots.setdefault(other.module_name, []).append(other)
        supplied = {
            other.name: f"from {other.module_name} import {other.name}"
            for other in self.others
            if other.module_name != own
        }
        return {
            name: self._partial(
                origins,
                found,
                supplied=supplied if name == own else {},
                names={each for asked, each in found.asked if asked == name}
                | (set(supplied) if name == own else set()),
            )
            for name, origins in roots.items()
        }

    def _partial(
        self, origins: list[Origin], found: Found, *, supplied: dict[str, str], names: Iterable[str]
    ) -> Partial:
        origin = origins[0]
        module = Module(
            name=origin.module_name,
            file=str(origin.module.file),
            folders=(str(origin.module.file.parent),) if origin.is_package else (),
        )

        def reduce_to(source: OwnModule, roots: list[Root]) -> Reduction:
            around = self._surroundings(source, module, found, supplied)
            made = source.with_makers(
                find_component_makers(source, around.definitions, around.writers.targets)
            )
            selection = select(
                made, roots, component=self.origin.name, surroundings=around, names=names
            )
            return reduce(made, selection)

        reduction = reduce_to(origin.module, [each.root for each in origins])
        if origin.cells:
            kept = find_origin_in_cells(
                origin.name, origin.name, _select_cells(origin.cells, reduction)
            )
            reduction = reduce_to(kept.module, [kept.root])
        bound = frozenset(origin.module.binders)
        return Partial(module=module, reduction=reduction, names=bound)

    def _surroundings(
        self, source: OwnModule, module: Module, found: Found, supplied: dict[str, str]
    ) -> Surroundings:
        writers, importing, changes = self._code(source, module, found)
        return Surroundings(
            module=module,
            definitions=writers.own,
            availability=Availability(
                modules=self.modules, environment=self.environment, needed=found.imported
            ),
            writers=writers,
            stars=self._stars(source, module),
            supplied=supplied,
            shipped=found.shipped,
            imported=found.imported,
            changes=changes,
            needs_of_import=lambda each: importing.needs_of(each, module),
            changes_by_import=importing.changes_by,
        )

    def _code(self, source: OwnModule, module: Module, found: Found) -> _Code:
        """Return the reader of the project's code. Created once, so it reads each file once."""
        asks = self._asks_for_subclasses(source, found)
        if (id(source), asks) not in self._read:
            definitions = source.definitions(module.name, is_package=module.is_package)
            first_party = FirstParty(modules=self.modules, own=definitions)
            targets = Targets(read=first_party.read)
            writers = Writers(targets=targets, own=definitions, subclasses_are_asked_for=asks)
            importing = Importing(first_party=first_party, writers=writers)
            self._read[id(source), asks] = (writers, importing, {})
        return self._read[id(source), asks]

    def _asks_for_subclasses(self, source: OwnModule, found: Found) -> bool:
        """Whether any code that may ship lists the subclasses of a class."""
        if any("__subclasses__" in line for line in source.text.lines):
            return True
        files = (module.file for name in found.shipped if (module := self.modules.find(name)))
        return any(file and b"__subclasses__" in read_source(file).content for file in files)

    def _stars(self, source: OwnModule, module: Module) -> dict[int, frozenset[str] | None]:
        """Determine which names the star imports of a module bind."""
        stars = Stars(modules=self.modules)
        return {
            node.lineno: stars.exports(node, module)
            for nodes in source.stars.values()
            for node in nodes
        }


def _select_cells(cells: tuple[str, ...], reduction: Reduction) -> tuple[str, ...]:
    """Return the cells of which a reduction keeps something, starting with future imports."""
    kept = []
    start = 1
    for cell in cells:
        end = start + cell.count("\n")
        future = "from __future__" in cell
        if future or any(start <= line < end for line in reduction.lines):
            kept.append((not future, cell))
        start = end
    return tuple(cell for _, cell in sorted(kept, key=lambda entry: entry[0]))
