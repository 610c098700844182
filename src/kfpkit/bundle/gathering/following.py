"""Follows an import statement to the modules that it imports."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

from kfpkit.bundle.bundle import ExternalImport
from kfpkit.bundle.gathering.absent import explain_absence, refuse_absent_name, refuse_internal
from kfpkit.bundle.gathering.admission import Admission
from kfpkit.bundle.gathering.shipment import refuse_shadowing
from kfpkit.bundle.gathering.sources import Sources
from kfpkit.bundle.gathering.unseen import UnseenImport
from kfpkit.bundle.gathering.walked import Importer, Walked
from kfpkit.bundle.modules import ALWAYS, Module, resolve_import
from kfpkit.bundle.reading import DynamicImport, ImportStatement, read_source, read_tree
from kfpkit.bundle.stars import Stars
from kfpkit.place import Place


@dataclass(frozen=True, kw_only=True)
class Following:
    """Follows the imports of shipped modules.

    Args:
        sources: Finds modules.
        walked: Receives the results.
        admission: Adds modules to the results.
    """

    sources: Sources
    walked: Walked
    admission: Admission

    def follow(self, statement: ImportStatement, importer: Importer) -> None:
        """Add the modules that a statement imports.

        Raises:
            BundleError: A module cannot work in a container.
        """
        place = importer.place(statement.line)
        name = resolve_import(importer.module, statement.module, statement.level)
        if name is None:
            self._miss("." * statement.level + statement.module, statement, place)
            return
        if self._is_provided(name, statement, place):
            return
        module = self.sources.locate(name)
        if module is None:
            self.walked.imported.add(name)
            self._miss(name, statement, place)
            return
        self.admission.admit(module, (*importer.chain, name), place)
        if statement.names is None:
            self._ask_attributes(module, importer)
            if module.file is None and not statement.optional:
                namespace = Path(module.folders[0])
                self.walked.expect([ExternalImport(module=name, place=place, namespace=namespace)])
            return
        for imported in statement.names:
            self._follow_name(imported, module, statement, importer)

    def follow_unknown(self, unknown: DynamicImport, importer: Importer) -> None:
        """Record a dynamic import, even if it names no package of the project."""
        prefix = unknown.prefix
        if unknown.level:
            package = resolve_import(importer.module, "", unknown.level)
            prefix = f"{package}.{prefix}" if package else prefix
        top, dot, _ = prefix.partition(".")
        known = self.sources.locate(top) if dot else None
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
            self.follow(statement, importer)
        prefix = prefix if known or not dot else ""
        place = importer.place(unknown.line)
        self.walked.unseen.append(UnseenImport(place=place, kind=unknown.kind, prefix=prefix))

    def _is_provided(self, name: str, statement: ImportStatement, place: Place) -> bool:
        """Return whether every container of the component provides the imported module."""
        top = name.partition(".")[0]
        modules = self.sources.modules
        if top == "kfpkit":
            refuse_internal(name, statement, place, modules)
        elif top in self.sources.embedded:
            return True
        elif top == "kfp" or top in sys.stdlib_module_names:
            found = modules.find(top)
            if found is not None and found.file is not None:
                refuse_shadowing(found, modules)
            if top in ALWAYS or top == "kfp":
                self.walked.imported.add(name)
                return True
        return False

    def _follow_name(
        self, name: str, module: Module, statement: ImportStatement, importer: Importer
    ) -> None:
        """Add what `from module import name` imports: everything, a module, or a module's name."""
        place = importer.place(statement.line)
        full = f"{module.name}.{name}"
        submodule = self.sources.locate(full) if module.is_package and name != "*" else None
        partial = self.sources.partials.get(module.name)
        if name == "*":
            self._ask_attributes(module, importer)
            self._admit_listed(module, importer, place)
        elif submodule is not None:
            self.admission.admit(submodule, (*importer.chain, full), place)
            self._ask_attributes(submodule, importer)
        elif partial and (given := {name, "__getattr__"} & partial.names):
            self.walked.ask(module.name, given)
        elif module.file is None:
            self._miss(full, statement, place)
        elif not self._has_name(module, name) and not statement.optional:
            refuse_absent_name(name, module, place, self.sources.modules)

    def _admit_listed(self, module: Module, importer: Importer, place: Place) -> None:
        """Add the submodules that a star import imports because `__all__` lists them."""
        if (
            not module.is_package
            or module.file is None
            or "__all__" not in read_source(module.file).names
        ):
            return
        modules = self.sources.modules
        for name in sorted(Stars(modules=modules).exports_of(module.name) or ()):
            submodule = modules.find(f"{module.name}.{name}")
            if submodule is not None:
                self.admission.admit(submodule, (*importer.chain, submodule.name), place)

    def _ask_attributes(self, module: Module, importer: Importer) -> None:
        """Request from a partial module every name that its importer may read as an attribute."""
        partial = self.sources.partials.get(module.name)
        if partial is None or importer.module.file is None or module.name == importer.module.name:
            return
        tree = read_tree(importer.module.file)
        mentioned = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.Name)
        }
        self.walked.ask(module.name, mentioned & partial.names)

    def _has_name(self, module: Module, name: str) -> bool:
        if module.name in self.sources.partials:
            return name.startswith("__")
        source = read_source(module.file or "")
        return source.open or name in source.names | source.later or name.startswith("__")

    def _miss(self, name: str, statement: ImportStatement, place: Place) -> None:
        self.walked.expect(explain_absence(name, statement, place, self.sources.modules))
