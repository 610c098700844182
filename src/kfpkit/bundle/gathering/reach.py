"""What a component's module reaches: the first-party modules that ship, and the other imports."""

from __future__ import annotations

import ast
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kfpkit.bundle.bundle import ExternalImport
from kfpkit.bundle.gathering.data_files import COMPILED_SUFFIXES, find_package_files
from kfpkit.bundle.gathering.named_files import NamedFiles
from kfpkit.bundle.gathering.shipment import Shipment, refuse_shadowing
from kfpkit.bundle.gathering.unseen import UnseenImport
from kfpkit.bundle.modules import (
    ALWAYS,
    Module,
    Modules,
    parents,
    resolve_import,
    ships_with_kfpkit,
)
from kfpkit.bundle.own_module import Partial
from kfpkit.bundle.reading import (
    DynamicImport,
    ImportStatement,
    Use,
    read_dynamic_imports,
    read_source,
    read_tree,
)
from kfpkit.bundle.stars import Stars
from kfpkit.errors import (
    CompiledExtensionError,
    CompileTimeImportError,
    InternalImportError,
    MissingImportedNameError,
    MissingModuleError,
)
from kfpkit.place import Place

_UNFOLLOWED = frozenset({"kfpkit", "kfpkit.component"})


@dataclass(frozen=True, kw_only=True)
class _Importer:
    """A shipped file whose imports are followed; `optional` where they need not be there."""

    module: Module
    chain: tuple[str, ...]
    optional: bool

    def place(self, line: int) -> Place:
        return Place(Path(self.module.file or ""), line)


@dataclass(kw_only=True)
class Reach:
    """Follows imports from module to module.

    Args:
        modules: Where first-party modules are.
        shipment: What ships.
        partials: The modules that ship in part, by dotted name.
        named: Finds the files that modules name.
        embedded: Import names that an embedded folder provides.
        external: What the environment has to provide, by dotted name.
        unseen: Imports whose names only running code knows.
        asked: Names that other modules import from those that ship in part.
        skipped: What does not ship of the packages that ship as a whole.
        shipped: The modules that ship, by dotted name.
        imported: What they import that the project does not have, by dotted name.
    """

    modules: Modules
    shipment: Shipment
    partials: Mapping[str, Partial]
    named: NamedFiles
    embedded: frozenset[str] = frozenset()
    external: dict[str, ExternalImport] = field(default_factory=dict)
    unseen: list[UnseenImport] = field(default_factory=list)
    asked: dict[str, set[str]] = field(default_factory=dict)
    skipped: list[Path] = field(default_factory=list)
    shipped: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    _queue: deque[_Importer] = field(default_factory=deque)
    _read: deque[tuple[_Importer, bytes, tuple[ImportStatement, ...]]] = field(
        default_factory=deque
    )

    def ship(self, module: Module, chain: tuple[str, ...], place: Place) -> None:
        """Ship a module and all that it reaches."""
        self._add(module, chain, place)
        self._drain()

    def ship_package(self, module: Module, chain: tuple[str, ...], place: Place) -> None:
        """Ship all modules and data files below a package."""
        for folder in module.folders:
            package = find_package_files(Path(folder))
            self.skipped += package.skipped
            for file in package.files:
                below = file.relative_to(folder)
                name = ".".join([module.name, *below.with_suffix("").parts])
                if file.suffix in COMPILED_SUFFIXES:
                    raise CompiledExtensionError(module=name, file=file, place=place)
                found = self.modules.find(name.removesuffix(".__init__"))
                if file.suffix == ".py" and found and found.file == str(file):
                    self._add(found, (*chain, found.name), place, loose=True)
                else:
                    path = module.name.replace(".", "/") + "/" + below.as_posix()
                    self.shipment.refuse_outside(str(file))
                    self.shipment.put(path, file.read_bytes(), file, (*chain, path))
        self._drain()

    def _drain(self) -> None:
        while self._queue or self._read:
            if self._queue:
                self._read_imports(self._queue.popleft())
            else:
                self._ship_named(*self._read.popleft())

    def _read_imports(self, importer: _Importer) -> None:
        partial = self.partials.get(importer.module.name)
        if partial:
            content, imports = partial.reduction.content, partial.reduction.imports
            dynamic = read_dynamic_imports(content)
        else:
            source = read_source(importer.module.file or "")
            content, imports, dynamic = source.content, source.imports, source.dynamic
        for statement in (*imports, *dynamic.statements):
            made = replace(statement, optional=True) if importer.optional else statement
            self._follow(made, importer)
        for unknown in dynamic.unknown:
            self._note_unseen(unknown, importer)
        self._read.append((importer, content, imports))

    def _ship_named(
        self, importer: _Importer, content: bytes, imports: tuple[ImportStatement, ...]
    ) -> None:
        """Ship the files that a module names, once all that is imported is known."""
        for place, each in self.named.find(importer.module, content, imports):
            if isinstance(each, Module):
                self._add(each, (*importer.chain, each.name), place)
                continue
            chain = (*importer.chain, each.path)
            name = each.path.removesuffix(".py").replace("/", ".")
            module = self.modules.find(name) if each.path.endswith(".py") else None
            if module is not None and module.file == str(each.file):
                # Whether it is ever imported is not known, so its imports need not be there.
                self._add(module, chain, place, loose=True, optional=True)
            else:
                self.shipment.put(each.path, each.content, each.file, chain)

    def _add(
        self,
        module: Module,
        chain: tuple[str, ...],
        place: Place,
        *,
        loose: bool = False,
        optional: bool = False,
    ) -> None:
        """Add a module and its packages.

        `loose` ones may use what a container does not have; those that are `optional` may import
        what is not there.
        """
        if module.file is None or module.path in self.shipment.files:
            return
        if module.name.partition(".")[0] == "kfpkit" and not ships_with_kfpkit(module.name):
            return  # its import may fail, or it would have been refused
        file = module.file
        refuse_shadowing(module, self.modules)
        partial = self.partials.get(module.name)
        if partial is None or Path(file).is_file():
            self.shipment.refuse_outside(file)
            self.shipment.refuse_second_name(module, self.modules, place)
        source = None if partial else read_source(file)
        uses: tuple[Use, ...] = source.uses if source else ()
        if partial:
            uses = tuple(use for use in partial.reduction.uses if not use.in_function)
        follows = module.name not in _UNFOLLOWED and not (loose and uses)
        if uses and follows:
            place = Place(Path(file), uses[0].line)
            raise CompileTimeImportError(used=uses[0].name, place=place, chain=chain)
        content = partial.reduction.content if partial else source.content if source else b""
        self.shipment.put(module.path, content, Path(file), chain)
        self.shipped.add(module.name)
        if follows:
            self._queue.append(_Importer(module=module, chain=chain, optional=optional))
        for parent in parents(module.name):
            package = self.modules.find(parent)
            if package is not None:
                self._add(package, (*(chain[:-1] or chain), parent), place)
        if module.name == "kfpkit" and (decorator := self.modules.find("kfpkit.component")):
            self._add(decorator, (*chain, decorator.name), place)

    def _follow(self, statement: ImportStatement, importer: _Importer) -> None:
        place = importer.place(statement.line)
        name = resolve_import(importer.module, statement.module, statement.level)
        if name is None:
            self._missing("." * statement.level + statement.module, statement, place)
            return
        top = name.partition(".")[0]
        if top == "kfpkit":
            self._refuse_internal(name, statement, place)
        elif top in self.embedded:
            return
        elif top == "kfp" or top in sys.stdlib_module_names:
            found = self.modules.find(top)
            if found is not None and found.file is not None:
                refuse_shadowing(found, self.modules)
            if top in ALWAYS or top == "kfp":
                self.imported.add(name)
                return
        module = self._locate(name)
        if module is None:
            self.imported.add(name)
            self._missing(name, statement, place)
            return
        self._add(module, (*importer.chain, name), place)
        if statement.names is None:
            self._ask_attributes(module, importer)
            if module.file is None:
                self._note(name, place, Path(module.folders[0]), optional=statement.optional)
        else:
            self._follow_names(statement, module, importer)

    def _note_unseen(self, unknown: DynamicImport, importer: _Importer) -> None:
        """Note a dynamic import; of one that names no package of the project nothing is known."""
        prefix = unknown.prefix
        if unknown.level:
            package = resolve_import(importer.module, "", unknown.level)
            prefix = f"{package}.{prefix}" if package else prefix
        top, dot, _ = prefix.partition(".")
        known = self._locate(top) if dot else None
        if dot:
            # The package is imported in any case; one of the project may be a folder alone.
            statement = ImportStatement(
                module=prefix.rpartition(".")[0],
                level=0,
                names=None,
                line=unknown.line,
                optional=unknown.optional or known is not None,
                in_function=True,
            )
            self._follow(statement, importer)
        prefix = prefix if known or not dot else ""
        place = importer.place(unknown.line)
        self.unseen.append(UnseenImport(place=place, kind=unknown.kind, prefix=prefix))

    def _locate(self, name: str) -> Module | None:
        partial = self.partials.get(name)
        return partial.module if partial else self.modules.find(name)

    def _refuse_internal(self, name: str, statement: ImportStatement, place: Place) -> None:
        names = [name]
        if name == "kfpkit":
            names += [f"kfpkit.{each}" for each in statement.names or () if each != "*"]
        for each in names:
            known = self.modules.find(each) is not None
            if known and not ships_with_kfpkit(each) and not statement.optional:
                raise InternalImportError(module=each, place=place)

    def _follow_names(
        self, statement: ImportStatement, module: Module, importer: _Importer
    ) -> None:
        place = importer.place(statement.line)
        for name in statement.names or ():
            full = f"{module.name}.{name}"
            submodule = self._locate(full) if module.is_package and name != "*" else None
            if name == "*":
                self._ask_attributes(module, importer)
                self._add_listed(module, importer, place)
            elif submodule is not None:
                self._add(submodule, (*importer.chain, full), place)
                self._ask_attributes(submodule, importer)
            elif module.name in self.partials and (
                given := {name, "__getattr__"} & self.partials[module.name].names
            ):
                self.asked.setdefault(module.name, set()).update(given)
            elif module.file is None:
                self._missing(full, statement, place)
            elif not self._has_name(module, name) and not statement.optional:
                if extension := self.modules.compiled(full):
                    raise CompiledExtensionError(module=full, file=extension, place=place)
                raise MissingImportedNameError(
                    name=name, module=module.name, file=Path(module.file), place=place
                )

    def _add_listed(self, module: Module, importer: _Importer, place: Place) -> None:
        """Add the submodules that a star import imports, since `__all__` lists them."""
        if (
            not module.is_package
            or module.file is None
            or "__all__" not in read_source(module.file or "").names
        ):
            return
        for name in sorted(Stars(modules=self.modules).exports_of(module.name) or ()):
            submodule = self.modules.find(f"{module.name}.{name}")
            if submodule is not None:
                self._add(submodule, (*importer.chain, submodule.name), place)

    def _ask_attributes(self, module: Module, importer: _Importer) -> None:
        """Ask a partial module for all that its importer may read as an attribute."""
        partial = self.partials.get(module.name)
        if partial is None or importer.module.file is None or module.name == importer.module.name:
            return
        tree = read_tree(importer.module.file)
        mentioned = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.Name)
        }
        self.asked.setdefault(module.name, set()).update(mentioned & partial.names)

    def _has_name(self, module: Module, name: str) -> bool:
        if module.name in self.partials:
            return name.startswith("__")
        source = read_source(module.file or "")
        return source.open or name in source.names | source.later or name.startswith("__")

    def _missing(self, name: str, statement: ImportStatement, place: Place) -> None:
        if statement.optional:
            return
        if name.startswith("."):
            raise MissingModuleError(module=name, place=place, roots=list(self.modules.roots))
        extension = self.modules.compiled(name)
        if extension is not None:
            raise CompiledExtensionError(module=name, file=extension, place=place)
        above = [found for each in parents(name) if (found := self.modules.find(each))]
        relative = statement.level > 0
        if relative or any(found.file is not None for found in above):
            roots = [Path(folder) for folder in self.modules.folders_above(name)]
            roots = roots or list(self.modules.roots)
            raise MissingModuleError(module=name, place=place, roots=roots)
        if above:
            self._note(name, place, Path(above[-1].folders[0]), optional=False)
        else:
            for each in statement.names or ("*",):
                full = name if each == "*" else f"{name}.{each}"
                self._note(full, place, None, optional=False)

    def _note(self, name: str, place: Place, namespace: Path | None, *, optional: bool) -> None:
        if not optional:
            external = ExternalImport(module=name, place=place, namespace=namespace)
            self.external.setdefault(name, external)
