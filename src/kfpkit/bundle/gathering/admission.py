"""Admits modules to a shipment with their packages, or refuses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kfpkit.bundle.gathering.data_files import COMPILED_SUFFIXES, find_package_files
from kfpkit.bundle.gathering.shipment import refuse_shadowing
from kfpkit.bundle.gathering.sources import Sources
from kfpkit.bundle.gathering.walked import Importer, Walked
from kfpkit.bundle.modules import Module, parents, ships_with_kfpkit
from kfpkit.bundle.reading import Use, read_source
from kfpkit.errors import CompiledExtensionError, CompileTimeImportError
from kfpkit.place import Place

_UNFOLLOWED = frozenset({"kfpkit", "kfpkit.component"})


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Adds modules to the result of a walk.

    Args:
        sources: Finds modules.
        walked: Receives them.
    """

    sources: Sources
    walked: Walked

    def admit(
        self,
        module: Module,
        chain: tuple[str, ...],
        place: Place,
        *,
        loose: bool = False,
        optional: bool = False,
    ) -> None:
        """Add a module and its packages. Their imports are followed later.

        Args:
            module: The module.
            chain: The reason why it ships.
            place: The place that requires it.
            loose: Whether it may use parts of kfp that a container lacks.
            optional: Whether its imports may be missing.

        Raises:
            BundleError: The module cannot ship.
        """
        if module.file is None or module.path in self.walked.shipment.files:
            return
        if module.name.partition(".")[0] == "kfpkit" and not ships_with_kfpkit(module.name):
            return  # its import may fail, or it would have been refused
        self._refuse_file(module, place)
        content, uses = self._read(module)
        follows = module.name not in _UNFOLLOWED and not (loose and uses)
        if uses and follows:
            used = Place(Path(module.file), uses[0].line)
            raise CompileTimeImportError(used=uses[0].name, place=used, chain=chain)
        self.walked.shipment.put(module.path, content, Path(module.file), chain)
        self.walked.shipped.add(module.name)
        if follows:
            self.walked.waiting.append(Importer(module=module, chain=chain, optional=optional))
        self._admit_around(module, chain, place)

    def admit_package(self, module: Module, chain: tuple[str, ...], place: Place) -> None:
        """Add all modules and data files below a package.

        Raises:
            BundleError: A module or file cannot ship.
        """
        for folder in module.folders:
            package = find_package_files(Path(folder))
            self.walked.skipped.extend(package.skipped)
            for file in package.files:
                self._admit_file(file, file.relative_to(folder), module, chain, place)

    def _admit_file(
        self, file: Path, below: Path, package: Module, chain: tuple[str, ...], place: Place
    ) -> None:
        name = ".".join([package.name, *below.with_suffix("").parts])
        if file.suffix in COMPILED_SUFFIXES:
            raise CompiledExtensionError(module=name, file=file, place=place)
        found = self.sources.modules.find(name.removesuffix(".__init__"))
        if file.suffix == ".py" and found and found.file == str(file):
            self.admit(found, (*chain, found.name), place, loose=True)
            return
        path = package.name.replace(".", "/") + "/" + below.as_posix()
        shipment = self.walked.shipment
        shipment.refuse_outside(str(file))
        shipment.put(path, file.read_bytes(), file, (*chain, path))

    def _refuse_file(self, module: Module, place: Place) -> None:
        file = module.file or ""
        refuse_shadowing(module, self.sources.modules)
        # The source of a notebook's cells is in no file.
        if module.name not in self.sources.partials or Path(file).is_file():
            self.walked.shipment.refuse_outside(file)
            self.walked.shipment.refuse_second_name(module, self.sources.modules, place)

    def _read(self, module: Module) -> tuple[bytes, tuple[Use, ...]]:
        """Return the part of a module that ships, and its uses of what only compiling has."""
        partial = self.sources.partials.get(module.name)
        if partial is None:
            source = read_source(module.file or "")
            return source.content, source.uses
        uses = tuple(use for use in partial.reduction.uses if not use.in_function)
        return partial.reduction.content, uses

    def _admit_around(self, module: Module, chain: tuple[str, ...], place: Place) -> None:
        for parent in parents(module.name):
            package = self.sources.modules.find(parent)
            if package is not None:
                self.admit(package, (*(chain[:-1] or chain), parent), place)
        if module.name == "kfpkit" and (decorator := self.sources.modules.find("kfpkit.component")):
            self.admit(decorator, (*chain, decorator.name), place)
