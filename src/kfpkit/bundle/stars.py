"""Determines which names `from module import *` binds."""

from __future__ import annotations

import ast
import functools
import importlib
import sys
from dataclasses import dataclass, field

from kfpkit.bundle.effects import resolve_name
from kfpkit.bundle.modules import Module, Modules
from kfpkit.bundle.reading import DSL_NAMES, RUNTIME_DSL_NAMES, read_source, read_tree, split_import

Exports = frozenset[str] | None
"""The names; None where only running code knows."""

_COPYING = frozenset({"list", "set", "sorted", "tuple"})
# Importing these does something.
_ACTING = frozenset({"antigravity", "idlelib", "this", "turtledemo", "__main__"})


@dataclass(frozen=True, kw_only=True)
class Stars:
    """Reads which names star imports bind.

    Args:
        modules: Finds first-party modules.
    """

    modules: Modules
    _known: dict[str, Exports] = field(default_factory=dict)

    def exports(self, node: ast.ImportFrom, importer: Module) -> Exports:
        """Return the names that a star import in a module binds."""
        name = resolve_name(
            node.module or "", node.level, importer.name, is_package=importer.is_package
        )
        return self.exports_of(name) if name is not None else None

    def exports_of(self, name: str) -> Exports:
        """Return the names that a star import of a module gives."""
        if name in {"kfp.dsl", "kfp"}:
            return (RUNTIME_DSL_NAMES | DSL_NAMES) if name == "kfp.dsl" else None
        if name.partition(".")[0] in sys.stdlib_module_names:
            return _read_library_exports(name)
        if name not in self._known:
            # A module that imports all of one that imports all of it adds nothing by that.
            self._known[name] = frozenset()
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> Exports:
        module = self.modules.find(name)
        if module is None or module.file is None:
            return None
        source = read_source(module.file)
        if source.grows:
            return None
        tree = read_tree(module.file)
        if "__all__" in source.names:
            listed = self._listed(tree, module)
            return frozenset(listed) if listed is not None else None
        names = {each for each in source.names if not each.startswith("_") and each != "*"}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                inner = self.exports(node, module)
                if inner is None:
                    return None
                names |= {each for each in inner if not each.startswith("_")}
        return frozenset(names)

    def _listed(self, tree: ast.Module, module: Module) -> list[str] | None:
        """Follow how a module builds its `__all__`. None if the source doesn't show it."""
        listed: list[str] | None = []
        for node in tree.body:
            if listed is None:
                return None
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if not any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets):
                    continue
                value = self._names_in(node.value, tree, module, listed)
                if isinstance(node, ast.AugAssign):
                    listed = None if value is None else [*listed, *value]
                else:
                    listed = value
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                listed = self._after_call(node.value, tree, module, listed)
            elif not isinstance(node, ast.Import | ast.ImportFrom) and any(
                isinstance(each, ast.Name) and each.id == "__all__" for each in ast.walk(node)
            ):
                return None
        return listed

    def _after_call(
        self, call: ast.Call, tree: ast.Module, module: Module, listed: list[str]
    ) -> list[str] | None:
        if not (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "__all__"
        ):
            return listed
        if len(call.args) != 1 or call.func.attr not in {"append", "extend", "remove"}:
            return None
        argument = call.args[0]
        if call.func.attr == "extend":
            value = self._names_in(argument, tree, module, listed)
            return None if value is None else [*listed, *value]
        value = _read_string(argument)
        if value is None:
            return None
        if call.func.attr == "append":
            return [*listed, *value]
        return [each for each in listed if each not in value]

    def _names_in(
        self, node: ast.expr | None, tree: ast.Module, module: Module, listed: list[str]
    ) -> list[str] | None:
        """Return the strings in an expression that builds an `__all__`."""
        parts: list[list[str] | None] = []
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for each in node.elts:
                if isinstance(each, ast.Starred):
                    parts.append(self._names_in(each.value, tree, module, listed))
                else:
                    parts.append(_read_string(each))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts.append(self._names_in(node.left, tree, module, listed))
            parts.append(self._names_in(node.right, tree, module, listed))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in _COPYING:
            parts = [self._names_in(each, tree, module, listed) for each in node.args]
        elif isinstance(node, ast.Name) and node.id == "__all__":
            parts.append(listed)
        else:
            parts.append(self._names_of_other(node, tree, module))
        if any(part is None for part in parts):
            return None
        return [name for part in parts if part is not None for name in part]

    def _names_of_other(
        self, node: ast.expr | None, tree: ast.Module, module: Module
    ) -> list[str] | None:
        """Return the `__all__` of another module: `other.__all__`, or one imported by name."""
        if isinstance(node, ast.Attribute) and node.attr == "__all__":
            wanted = ast.unparse(node.value)
        elif isinstance(node, ast.Name):
            wanted = node.id
        else:
            return None
        for each in ast.walk(tree):
            if not isinstance(each, ast.Import | ast.ImportFrom):
                continue
            for statement in split_import(each):
                name = resolve_name(
                    statement.module, statement.level, module.name, is_package=module.is_package
                )
                for alias in each.names:
                    if (alias.asname or alias.name) != wanted or name is None:
                        continue
                    inner = name if isinstance(each, ast.Import) else f"{name}.{alias.name}"
                    found = self._all_of(inner.removesuffix(".__all__"))
                    if found is not None:
                        return found
        return None

    def _all_of(self, name: str) -> list[str] | None:
        found = self.modules.find(name)
        if found is None or found.file is None:
            return None
        exports = self.exports_of(name)
        return sorted(exports) if exports is not None else None


def _read_string(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return None


@functools.cache
def _read_library_exports(name: str) -> Exports:
    """Return the exports of a standard library module. Python versions differ only in additions."""
    if name.partition(".")[0] in _ACTING:
        return None
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    listed = getattr(module, "__all__", None)
    names = listed if listed is not None else [each for each in vars(module) if each[:1] != "_"]
    return frozenset(names)
