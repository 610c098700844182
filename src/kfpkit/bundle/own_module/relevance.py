"""Whether a statement that is not reached may change something that is."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kfpkit.bundle.availability import shares_package
from kfpkit.bundle.effects import Change, Effects, absolute, effects_of, shared
from kfpkit.bundle.effects.process_state import may_bind
from kfpkit.bundle.effects.writers import origins
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.own_module.surroundings import Surroundings
from kfpkit.bundle.syntax import FunctionNode, ImportNode, bound_name, is_future

_COMPILING = frozenset({"kfp", "kfpkit", "__future__"})


@dataclass(frozen=True, kw_only=True)
class Relevance:
    """Says why a statement may matter to a component.

    Args:
        module: The component's module.
        around: What else decides.
    """

    module: OwnModule
    around: Surroundings

    def reason(
        self, statement: Statement, needed: AbstractSet[str], imported: AbstractSet[str]
    ) -> str | None:
        """Say why leaving a statement out may change the answer; None if it cannot.

        Args:
            statement: A statement that is not reached.
            needed: The names that are reached.
            imported: The modules that kept statements import, dotted.
        """
        for node in _imports_in(statement):
            for alias in node.names:
                reason = self.reason_of_import(node, alias)
                if reason is not None:
                    return reason
        for change in self._changes(statement):
            reason = self._reason_of(change, needed, imported)
            if reason is not None:
                return reason
        return None

    def library_called(self, statement: Statement) -> str | None:
        """Name a library that a statement acts on, where it is there for nothing else."""
        changes = self._changes(statement)
        return next((each.library for each in changes if each.thrown_away and each.library), None)

    def _changes(self, statement: Statement) -> list[Change]:
        return self.around.writers.changes_of(self._acting(statement), self.around.definitions)

    def _acting(self, statement: Statement) -> Effects:
        """The effects of a statement without those of KFP's clients, pipelines and tasks."""
        effects = statement.effects
        return Effects(
            written=[each for each in effects.written if _root(each[1]) not in self._compiling],
            calls=[call for call in effects.calls if call.root not in self._compiling],
            derivations=effects.derivations,
            shares=effects.shares,
        )

    @functools.cached_property
    def _compiling(self) -> frozenset[str]:
        aliases = {
            name
            for name, origin in self.module.kfp_aliases.items()
            if not origin.startswith(("kfpkit.components", "kfpkit.helpers"))
        }
        return self.module.compile_time_names | self.module.components | aliases

    def _reason_of(
        self, change: Change, needed: AbstractSet[str], imported: AbstractSet[str]
    ) -> str | None:
        if change.process:
            binds = may_bind(change.process)
            what = "may give the module any name"
            return what if binds else f"sets `{change.process}` for the whole process"
        if change.library:
            used = shares_package(change.library, self.around.imported | imported)
            return f"acts on `{change.library}`" if used else None
        if change.variable and change.variable[0] != self.around.module.name:
            module, name = change.variable
            shipped = module in self.around.shipped
            return f"changes `{name}` of `{module}`" if shipped else None
        name = change.variable[1] if change.variable else change.name
        changed = self._reached(name, needed, handed=change.handed)
        return f"may change `{changed}`" if changed else None

    def _reached(self, name: str, needed: AbstractSet[str], *, handed: bool) -> str | None:
        """Return the reached name whose object a name may stand for."""
        known = self.around.definitions
        if handed and not known.is_changeable(name):
            return None
        for each in origins(name, self._shares):
            # A component is KFP's object here, which no container has.
            own = each in self.module.binders and each not in self.module.components
            reached = own and each in needed
            if reached and (each == name or not known.is_constant(each)):
                return each
        return None

    @functools.cached_property
    def _shares(self) -> dict[str, set[str]]:
        """For each name of the module, the names whose objects it may share."""
        shares: dict[str, set[str]] = {}
        for statement in self.module.statements:
            for name, others in statement.effects.shares.items():
                shares.setdefault(name, set()).update(others)
        for name, function in self.around.definitions.functions.items():
            shares.setdefault(name, set()).update(_returned(function))
        return shares

    def reason_of_import(self, node: ImportNode, alias: ast.alias) -> str | None:
        """Say why importing something may matter although its name is not reached."""
        module = self._module_of(node, alias)
        if module is None or module.partition(".")[0] in _COMPILING:
            return None
        if alias.name != "*" and bound_name(alias) not in self.module.used_names:
            standard = module.partition(".")[0] in sys.stdlib_module_names
            return None if standard else "is there for its effect, since nothing uses its name"
        changed = self.around.changed_by(module) & self.around.shipped
        return f"changes `{min(changed)}` when it is imported" if changed else None

    def _module_of(self, node: ImportNode, alias: ast.alias) -> str | None:
        """Return the module that one part of an import statement imports, dotted."""
        if isinstance(node, ast.Import):
            return alias.name
        module = self.around.module
        source = absolute(node.module or "", node.level, module.name, is_package=module.is_package)
        if source is None:
            return None
        inner = f"{source}.{alias.name}"
        return inner if self.around.availability.modules.find(inner) else source


def _imports_in(statement: Statement) -> Iterator[ImportNode]:
    """Yield the imports that a block runs."""
    if isinstance(statement.node, FunctionNode | ast.ClassDef):
        return
    for part in statement.parts:
        for node in ast.walk(part):
            if isinstance(node, ImportNode) and not is_future(node):
                yield node


def _returned(function: FunctionNode) -> frozenset[str]:
    """Return the names whose objects a function may return."""
    found: frozenset[str] = frozenset()
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            found |= shared(node.value)
    shares = effects_of(function.body, calls_run=True).shares
    return found.union(*(shares.get(name, set()) for name in found))


def _root(path: str) -> str:
    return path.partition(".")[0]
