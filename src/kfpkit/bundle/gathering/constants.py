"""Finds paths that modules keep as constants, for the modules that import them.

A package passes on what its `__init__.py` imports. A module doesn't, which keeps chains of imports
short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kfpkit.bundle.modules import Module, Modules, resolve_import
from kfpkit.bundle.reading import ImportStatement, read_source
from kfpkit.bundle.reading.paths import FilePath

Constants = dict[str, tuple[FilePath, ...]]


@dataclass(kw_only=True)
class PathConstants:
    """Finds the paths at the top level of modules, once for each module.

    Args:
        modules: Finds first-party modules.
        partial: The dotted names of the modules that ship in part. They are not searched.
    """

    modules: Modules
    partial: frozenset[str]
    _found: dict[str, Constants] = field(default_factory=dict)

    def imported(self, module: Module, statements: Iterable[ImportStatement]) -> Constants:
        """Map the names in a module's imports to the imported paths."""
        found: Constants = {}
        for statement in statements:
            name = resolve_import(module, statement.module, statement.level)
            written = "." * statement.level + statement.module
            for taken in (None,) if statement.names is None else statement.names:
                found.update(self._taken(name, written, taken))
        return found

    def _taken(self, name: str | None, written: str, taken: str | None) -> Constants:
        if name is None:
            return {}
        constants = self._constants(name)
        if taken == "*":
            return constants
        front = f"{written}." if written.strip(".") else written
        if taken is None:
            return {front + each: constants[each] for each in constants}
        if taken in constants:
            return {front + taken: constants[taken]}
        below = self._constants(f"{name}.{taken}")
        return {f"{front}{taken}.{each}": below[each] for each in below}

    def _constants(self, name: str) -> Constants:
        if name not in self._found:
            self._found[name] = {}
            module = None if name in self.partial else self.modules.find(name)
            if module is not None and module.file is not None:
                self._found[name] = self._read(module, module.file)
        return self._found[name]

    def _read(self, module: Module, file: str) -> Constants:
        source = read_source(file)
        found: Constants = {}
        if module.is_package:
            handed_on = self.imported(module, (each for each in source.imports if each.names))
            found = {each.rpartition(".")[2]: handed_on[each] for each in handed_on}
        for name, paths in source.paths.items():
            found[name] = tuple(_make_absolute(path, module) for path in paths)
        return found


def _make_absolute(path: FilePath, module: Module) -> FilePath:
    """Replace the start of a path with a name that is valid in every module."""
    name = path.module.lstrip(".")
    level = len(path.module) - len(name)
    known = resolve_import(module, name, level) if path.module else module.name
    return replace(path, module=known or path.module)
