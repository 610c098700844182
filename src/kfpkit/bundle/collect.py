"""From a function to its bundle."""

from __future__ import annotations

import ast
import sys
import typing
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from kfpkit.bundle.bundle import EMBEDDED_FOLDER, Bundle, DynamicImportWarning, ShippedFile
from kfpkit.bundle.compile_time import RUNTIME_DSL_NAMES
from kfpkit.bundle.data_files import files_below
from kfpkit.bundle.modules import Module, Modules
from kfpkit.bundle.origin import Origin, find_origin, origin_in_cells
from kfpkit.bundle.reach import Partial, Reach
from kfpkit.bundle.reduction import Reducer, Reduction
from kfpkit.bundle.shipment import Shipment
from kfpkit.bundle.source import exported_names
from kfpkit.bundle.statements import OwnModule, Root
from kfpkit.bundle.unseen import unanswered
from kfpkit.config import Project
from kfpkit.errors import MissingEmbeddedArtifactError, MissingModuleError, Place


def collect(
    function: Callable[..., Any],
    *,
    project: Project,
    helpers: Sequence[str | ModuleType] = (),
    additional_funcs: Sequence[Callable[..., Any]] = (),
    embedded_artifact: Path | None = None,
) -> Bundle:
    """Collect what a component needs, from syntax trees alone.

    Args:
        function: The component's function.
        project: The project whose source roots hold first-party modules.
        helpers: Modules or packages that no import statement shows.
        additional_funcs: Functions that the component's module can call by their names.
        embedded_artifact: A file or folder whose content the component finds at run time.

    Returns:
        The bundle.

    Raises:
        kfpkit.errors.BundleError: Something that cannot work in a container, with its place.
    """
    modules = Modules(roots=project.source_roots)
    origin = find_origin(function, modules)
    embedded = _embedded_files(embedded_artifact, origin)
    others = [find_origin(each, modules) for each in additional_funcs]
    reach = _Collection(
        project=project, modules=modules, origin=origin, others=others, embedded=embedded
    ).reach(helpers)
    unseen = unanswered(reach.unseen, [_name_of(helper) for helper in helpers])
    # Once for each line, as Python's own warnings are.
    shown = getattr(function, "__globals__", {}).setdefault("__warningregistry__", {})
    for each in unseen:
        file, line = str(each.place.file), each.place.line or 0
        warnings.warn_explicit(each.sentence, DynamicImportWarning, file, line, registry=shown)
    shipped = [*reach.shipment.files.values(), *embedded]
    folders = {f"{file.path.rpartition('/')[0]}/" for file in shipped}
    return Bundle(
        module=origin.module_name,
        function=origin.name,
        files=tuple(sorted(shipped, key=lambda file: file.path)),
        imports=tuple(
            reach.external[name]
            for name in sorted(reach.external)
            if not any(each.startswith(name.replace(".", "/") + "/") for each in folders)
        ),
        warnings=tuple(f"{each.place}: {each.sentence}" for each in unseen),
        embedded=_embedded_name(embedded_artifact),
        skipped=tuple(sorted(set(reach.skipped))),
    )


def _name_of(helper: str | ModuleType) -> str:
    return helper if isinstance(helper, str) else helper.__name__


def _embedded_name(artifact: Path | None) -> str | None:
    if artifact is None:
        return None
    return artifact.name if artifact.is_file() else ""


def _embedded_files(artifact: Path | None, origin: Origin) -> list[ShippedFile]:
    if artifact is None:
        return []
    if not artifact.exists():
        place = Place(origin.module.file, origin.root.first_line)
        raise MissingEmbeddedArtifactError(path=artifact, component=origin.name, place=place)
    files = [artifact] if artifact.is_file() else list(files_below(artifact))
    folder = artifact.parent if artifact.is_file() else artifact
    chain = (f"{origin.module_name}:{origin.name}", "embedded_artifact_path")
    return [
        ShippedFile(
            path=f"{EMBEDDED_FOLDER}/{file.relative_to(folder).as_posix()}",
            content=file.read_bytes(),
            source=file,
            chain=chain,
        )
        for file in files
        # Byte code comes and goes with who imported what, and has times in it.
        if file.is_file() and "__pycache__" not in file.relative_to(folder).parts
    ]


@dataclass(kw_only=True)
class _Collection:
    """One collect: repeated while other modules ask for more of those that ship in part."""

    project: Project
    modules: Modules
    origin: Origin
    others: list[Origin]
    embedded: list[ShippedFile]
    _asked: dict[str, set[str]] = field(default_factory=dict)

    def reach(self, helpers: Sequence[str | ModuleType]) -> Reach:
        while True:
            partials = self._partials()
            reach = Reach(
                modules=self.modules,
                shipment=Shipment(inside=(self.project.root.resolve(), *self.project.source_roots)),
                partials=partials,
                embedded=frozenset(_top_names(self.embedded)),
            )
            self._ship(reach, partials, helpers)
            if all(names <= self._asked.get(name, set()) for name, names in reach.asked.items()):
                return reach
            for name, names in reach.asked.items():
                self._asked.setdefault(name, set()).update(names)

    def _ship(
        self, reach: Reach, partials: dict[str, Partial], helpers: Sequence[str | ModuleType]
    ) -> None:
        origin = self.origin
        chain = (f"{origin.module_name}:{origin.name}",)
        place = Place(origin.module.file, origin.root.node.lineno)
        reach.ship(partials[origin.module_name].module, chain, place)
        for helper in helpers:
            name = _name_of(helper)
            module = self.modules.find(name)
            if module is None:
                roots = list(self.modules.roots)
                raise MissingModuleError(module=name, place=place, roots=roots)
            reach.ship(module, (*chain, f"helpers: {name}"), place)
            reach.ship_package(module, (*chain, f"helpers: {name}"), place)

    def _partials(self) -> dict[str, Partial]:
        """Reduce the component's module and those of the additional functions."""
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
                supplied=supplied if name == own else {},
                names=self._asked.get(name, set()) | (set(supplied) if name == own else set()),
            )
            for name, origins in roots.items()
        }

    def _partial(
        self, origins: list[Origin], *, supplied: dict[str, str], names: set[str]
    ) -> Partial:
        origin = origins[0]
        file = str(origin.module.file)
        module = Module(
            name=origin.module_name,
            file=file,
            folders=(str(origin.module.file.parent),) if origin.is_package else (),
        )

        def reduce(module_source: OwnModule, roots: Iterable[Root]) -> Reduction:
            return Reducer(
                module=module_source,
                component=self.origin.name,
                supplied=supplied,
                stars=self._stars(module_source, module),
            ).reduce(roots, names)

        reduction = reduce(origin.module, [each.root for each in origins])
        if origin.cells:
            kept = origin_in_cells(origin.name, origin.name, _kept_cells(origin.cells, reduction))
            reduction = reduce(kept.module, [kept.root])
        bound = frozenset(origin.module.binders)
        return Partial(module=module, reduction=reduction, names=bound)

    def _stars(self, source: OwnModule, module: Module) -> dict[int, frozenset[str] | None]:
        """Find out what the star imports of a module give."""
        given: dict[int, frozenset[str] | None] = {}
        for index in source.stars:
            node = source.statements[index].node
            if isinstance(node, ast.ImportFrom):
                given[node.lineno] = self._star(node, module)
        return given

    def _star(self, node: ast.ImportFrom, module: Module) -> frozenset[str] | None:
        name = node.module or ""
        if node.level:
            parts = module.name.split(".")
            drop = node.level - (1 if module.is_package else 0)
            name = ".".join([*parts[: len(parts) - drop], *([name] if name else [])])
        elif name == "kfp.dsl":
            return RUNTIME_DSL_NAMES
        elif name == "typing":
            return frozenset(typing.__all__)
        elif name.partition(".")[0] in sys.stdlib_module_names:
            return None
        found = self.modules.find(name)
        return exported_names(found.file) if found and found.file else None


def _top_names(files: list[ShippedFile]) -> set[str]:
    tops = {file.path.split("/")[1] for file in files}
    return {top.removesuffix(".py") for top in tops}


def _kept_cells(cells: tuple[str, ...], reduction: Reduction) -> tuple[str, ...]:
    """Return the cells that a reduction kept something of, those with future imports first."""
    kept = []
    start = 1
    for cell in cells:
        end = start + cell.count("\n")
        future = "from __future__" in cell
        if future or any(start <= line < end for line in reduction.lines):
            kept.append((not future, cell))
        start = end
    return tuple(cell for _, cell in sorted(kept, key=lambda entry: entry[0]))
