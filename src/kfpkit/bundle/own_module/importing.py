"""First-party modules as the reduction needs them: definitions, and the effects of imports."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kfpkit.bundle.effects import Change, Definitions, Writers, read_definitions, resolve_name
from kfpkit.bundle.modules import Module, Modules, parents
from kfpkit.bundle.own_module.author_side import find_need_of_file
from kfpkit.bundle.reading import ImportStatement, read_source, read_state, read_tree
from kfpkit.errors import UnparsableSourceError

_WITH_CODE_OF_TASKS = ("kfpkit.components", "kfpkit.helpers")


@dataclass(frozen=True, kw_only=True)
class FirstParty:
    """Reads the modules of a project. One of them may be known already.

    Args:
        modules: Finds them.
        own: The definitions of the reduced module.
    """

    modules: Modules
    own: Definitions
    _known: dict[str, Definitions | None] = field(default_factory=dict)

    def read(self, name: str) -> Definitions | None:
        """Return the definitions of a module. None if it isn't part of the project."""
        if name == self.own.module:
            return self.own
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> Definitions | None:
        if name.partition(".")[0] == "kfpkit" and not name.startswith(_WITH_CODE_OF_TASKS):
            return None
        module = self.modules.find(name)
        if module is None or module.file is None:
            return None
        try:
            return _definitions(
                module.file, read_state(module.file), module.name, module.is_package
            )
        except UnparsableSourceError:
            return None


@functools.lru_cache(maxsize=512)
def _definitions(
    file: str,
    _state: tuple[int, int],
    name: str,
    is_package: bool,  # noqa: FBT001 - a part of the key
) -> Definitions:
    return read_definitions(read_tree(file).body, name, is_package=is_package)


@dataclass(frozen=True, kw_only=True)
class Importing:
    """Determines what importing a first-party module changes.

    Args:
        first_party: The modules.
        writers: Determines what code changes.
    """

    first_party: FirstParty
    writers: Writers
    _known: dict[str, tuple[Change, ...]] = field(default_factory=dict)

    def changes_by(self, name: str) -> Iterator[tuple[str, Change]]:
        """Yield what importing a module changes outside it, and which module does so."""
        seen: set[str] = set()
        queue = [name]
        while queue:
            each = queue.pop()
            definitions = self.first_party.read(each)
            if each in seen or definitions is self.first_party.own:
                continue
            seen.add(each)
            queue += parents(each)
            if definitions is not None:
                yield from ((each, change) for change in self._changes_in(definitions))
                queue += self._imported_by(definitions)

    def _changes_in(self, definitions: Definitions) -> tuple[Change, ...]:
        """Return what the code of a module changes when it is imported."""
        name = definitions.module
        if name not in self._known:
            found = self.writers.changes_of(definitions.effects, definitions)
            self._known[name] = tuple(
                replace(change, name="", variable=(name, change.name)) if change.name else change
                for change in found
            )
        return self._known[name]

    def _imported_by(self, definitions: Definitions) -> Iterator[str]:
        """Yield the first-party modules that a module imports when it is imported."""
        module = self.first_party.modules.find(definitions.module)
        if module is None or module.file is None:
            return
        for statement in read_source(module.file).imports:
            if not statement.in_function:
                yield from self._named_by(statement, module)

    def _named_by(self, statement: ImportStatement, importer: Module) -> Iterator[str]:
        """Yield the first-party modules that an import names."""
        name = resolve_name(
            statement.module, statement.level, importer.name, is_package=importer.is_package
        )
        if name is None:
            return
        for each in [name, *(f"{name}.{part}" for part in statement.names or ())]:
            if self.first_party.modules.find(each) is not None:
                yield each

    def needs_of(self, statement: ImportStatement, importer: Module) -> str | None:
        """Return what an import needs of the author's machine. None if the source shows nothing."""
        seen: set[str] = set()
        queue = list(self._named_by(statement, importer))
        while queue:
            name = queue.pop()
            definitions = self.first_party.read(name)
            if name in seen or definitions is None or definitions is self.first_party.own:
                continue
            seen.add(name)
            module = self.first_party.modules.find(name)
            if module is not None and module.file and (need := find_need_of_file(module.file)):
                return need
            queue += self._imported_by(definitions)
        return None
