"""Determines whether a statement that isn't reached may change something that is."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from kfpkit.bundle.availability import shares_package
from kfpkit.bundle.effects import (
    ANYTHING,
    Change,
    Depth,
    Effects,
    Node,
    Scope,
    read_path,
    resolve_name,
)
from kfpkit.bundle.effects.assumptions import acts_outside, imports_by_name, may_bind
from kfpkit.bundle.effects.code import Link
from kfpkit.bundle.modules import parents
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.reading import FunctionNode, ImportNode, bound_name, is_future

_COMPILING = frozenset({"kfp", "kfpkit", "__future__"})


@dataclass(frozen=True, kw_only=True)
class Reason:
    """The reason why a statement may matter to a component.

    Args:
        text: The reason, as the end of a sentence.
        around: Whether it changes something outside the module: libraries, the process.
    """

    text: str
    around: bool = False


_ANY_NAME = Reason(text="may give the module any name")


@dataclass(frozen=True, kw_only=True)
class Relevance:
    """Finds the reason why a statement may matter to a component.

    Args:
        module: The component's module.
        around: The module's surroundings.
    """

    module: OwnModule
    around: Surroundings

    def reason(
        self, statement: Statement, needed: AbstractSet[str], imported: AbstractSet[str]
    ) -> Reason | None:
        """Return why leaving out a statement may change the result. None if it cannot.

        Args:
            statement: A statement that isn't reached.
            needed: The names that are reached.
            imported: The dotted names of the modules that kept statements import.
        """
        for node in _list_imports(statement):
            for alias in node.names:
                reason = self.reason_of_import(node, alias, needed, imported)
                if reason is not None:
                    return reason
        for change in self._changes(statement):
            reason = self._reason_of(change, needed, imported)
            if reason is not None:
                return reason
        return None

    def library_called(self, statement: Statement) -> str | None:
        """Return the library that a statement acts on, if the statement does nothing else."""
        changes = self._changes(statement)
        return next((each.library for each in changes if each.thrown_away and each.library), None)

    def _changes(self, statement: Statement) -> tuple[Change, ...]:
        known = self.around.changes
        if statement not in known:
            effects = self._acting(statement)
            known[statement] = tuple(
                self.around.writers.changes_of(effects, self.around.definitions)
            )
        return known[statement]

    def _acting(self, statement: Statement) -> Effects:
        """The effects of a statement without those of KFP's clients, pipelines and tasks."""
        effects = statement.effects
        return replace(
            effects,
            written=[
                each
                for each in effects.written
                if not {_root(each.path), each.name} & self._compiling
            ],
            calls=[call for call in effects.calls if not self._submits(call.path)],
            loaded=effects.loaded - self._compiling,
        )

    @functools.cached_property
    def _compiling(self) -> frozenset[str]:
        aliases = {
            name
            for name, origin in self.module.kfp_aliases.items()
            if not origin.startswith(("kfpkit.components", "kfpkit.helpers"))
        }
        runs = {
            name
            for name, values in self.around.definitions.assigned.items()
            if any(value is not None and _makes_run(read_path(value) or "") for value in values)
        }
        return self.module.compile_time_names | self.module.components | aliases | runs

    def _submits(self, path: str) -> bool:
        """Whether a call acts on one of KFP's objects, or on a pipeline run."""
        return _root(path) in self._compiling or _makes_run(path)

    def _reason_of(
        self, change: Change, needed: AbstractSet[str], imported: AbstractSet[str]
    ) -> Reason | None:
        if imports_by_name(change.process):
            return Reason(text="imports modules by name")
        if change.process:
            text = f"sets `{change.process}` for the whole process"
            return _ANY_NAME if may_bind(change.process) else Reason(text=text, around=True)
        if change.library:
            used = shares_package(change.library, self.around.imported | imported)
            used = used and not acts_outside(change.library)
            return Reason(text=f"acts on `{change.library}`", around=True) if used else None
        if change == ANYTHING:
            return Reason(text="may change anything, because it calls too much code to analyze")
        reached = self._reached(change, needed)
        return Reason(text=reached) if reached else None

    def _reached(self, change: Change, needed: AbstractSet[str]) -> str | None:
        """Return the reached name that may refer to a changed object."""
        own = self.around.module.name
        start = change.variable or (own, change.name)
        read = self.around.writers.targets.read
        definitions = read(start[0])
        if definitions is None:
            return None
        scope = Scope(definitions=definitions)
        links = [Link(name=start[1])]
        writers = self.around.writers
        for node, depths in writers.ties.behind(links, scope, deep=change.deep).items():
            if depths == {Depth.INSTANCE}:
                continue
            itself = node == start or Depth.ITSELF in depths
            certain = itself and (not change.handed or writers.state.is_class(node))
            if self._ships(node, needed) and (certain or writers.state.is_changeable(node)):
                module, name = node
                where = "" if module == own else f" of `{module}`"
                return f"may change `{name}`{where}"
        return None

    def _ships(self, node: Node, needed: AbstractSet[str]) -> bool:
        """Whether a module's variable is reached."""
        module, name = node
        if module != self.around.module.name:
            return module in self.around.shipped and bool(name)
        imported = self.around.definitions.is_only_imported(name)
        # A component is KFP's object here, which no container has.
        own = name in self.module.binders and name not in self.module.components
        return own and name in needed and not imported

    def reason_of_import(
        self,
        node: ImportNode,
        alias: ast.alias,
        needed: AbstractSet[str],
        imported: AbstractSet[str],
    ) -> Reason | None:
        """Return why an import may matter although its name isn't reached."""
        if alias.name == "*" and self.around.stars.get(node.lineno) is None:
            return _ANY_NAME
        module = self._module_of(node, alias)
        if module is None or module.partition(".")[0] in _COMPILING:
            return None
        if alias.name != "*" and not self._is_used(node, alias):
            standard = module.partition(".")[0] in sys.stdlib_module_names
            text = "is imported for its side effects, because nothing uses its name"
            return None if standard else Reason(text=text)
        above = set(parents(self.around.module.name))
        for importing, change in self.around.changes_by_import(module):
            # The packages around the component's module are imported in any case.
            reason = None if importing in above else self._reason_of(change, needed, imported)
            if reason is not None:
                return replace(reason, text=f"{reason.text} through its imports")
        return None

    def _is_used(self, node: ImportNode, alias: ast.alias) -> bool:
        """Whether the module uses the result of an import, or more of the same module.

        A name that is unused beside used ones has no purpose.
        """
        return self._gives_used(node, alias) or self._module_of(node, alias) in self._used_modules

    def _gives_used(self, node: ImportNode, alias: ast.alias) -> bool:
        if isinstance(node, ast.Import) and not alias.asname:
            return alias.name in self.module.used_paths
        return bound_name(alias) in self.module.used_names

    @functools.cached_property
    def _used_modules(self) -> frozenset[str | None]:
        """The modules from which top-level imports bind a name that is used."""
        return frozenset(
            self._module_of(statement.node, alias)
            for statement in self.module.statements
            if isinstance(statement.node, ImportNode) and not is_future(statement.node)
            for alias in statement.node.names
            if alias.name != "*" and self._gives_used(statement.node, alias)
        )

    def _module_of(self, node: ImportNode, alias: ast.alias) -> str | None:
        """Return the dotted name of the module that one part of an import statement imports."""
        if isinstance(node, ast.Import):
            return alias.name
        module = self.around.module
        source = resolve_name(
            node.module or "", node.level, module.name, is_package=module.is_package
        )
        if source is None:
            return None
        inner = f"{source}.{alias.name}"
        return inner if self.around.availability.modules.find(inner) else source


def _list_imports(statement: Statement) -> Iterator[ImportNode]:
    """Yield the imports that a block runs."""
    if isinstance(statement.node, FunctionNode | ast.ClassDef):
        return
    for part in statement.parts:
        for node in ast.walk(part):
            if isinstance(node, ImportNode) and not is_future(node):
                yield node


def _makes_run(path: str) -> bool:
    """Whether a path names Vertex AI's class for pipeline runs. Tasks don't start runs."""
    return "PipelineJob" in path.split(".")


def _root(path: str) -> str:
    return path.partition(".")[0]
