"""Resolves a dotted path to the functions, classes, variables and libraries that it may refer to.

A name may be bound more than once, for example in a condition, so a path may have several targets.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from kfpkit.bundle.effects.assumptions import is_builtin
from kfpkit.bundle.effects.code import ABSOLUTE, Link, read_bases, read_path
from kfpkit.bundle.effects.definitions import Definitions
from kfpkit.bundle.reading import FunctionNode, read_chain

# Longer chains of names for one thing are cut.
_DEPTH = 30

Read = Callable[[str], "Definitions | None"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One possible target of a path.

    Args:
        definitions: The module that defines the function or class.
        function: A function, or a method of `owner`.
        owner: A class.
        variable: A module's variable, as the module's name and its own.
        library: A dotted name of a library, including builtins.
        made: Whether it is the result of a library call.
    """

    definitions: Definitions | None = None
    function: FunctionNode | None = None
    owner: ast.ClassDef | None = None
    variable: tuple[str, str] | None = None
    library: str = ""
    made: bool = False


@dataclass(frozen=True, kw_only=True)
class Class:
    """A class of the project.

    Args:
        definitions: Its module.
        node: Its definition.
    """

    definitions: Definitions
    node: ast.ClassDef

    def method(self, function: FunctionNode) -> Target:
        """Return one of its methods."""
        return Target(definitions=self.definitions, function=function, owner=self.node)


@dataclass(kw_only=True)
class Scope:
    """The scope of a piece of code.

    Args:
        definitions: Its module.
        imports: The names that a function's own import statements bind.
        local: The function's local names.
        ties: What the local names are tied to.
        given: The function's parameters.
    """

    definitions: Definitions
    imports: dict[str, str] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    ties: dict[str, set[Link]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def is_import(self, name: str) -> bool:
        """Whether only import statements bind a name."""
        inherited = self.definitions.is_only_imported(name) and name not in self.local
        return name in self.imports or inherited


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Resolves paths.

    Args:
        read: Returns the definitions of a first-party module. None for any other name.
    """

    read: Read

    def find(self, path: str, scope: Scope) -> list[Target]:
        """Find the possible targets of a dotted path in a scope."""
        root, _, rest = path.partition(".")
        if path.startswith(ABSOLUTE):
            return list(self._find_dotted(path.removeprefix(ABSOLUTE), 0))
        if root in scope.imports:
            return list(self._find_dotted(_joined(scope.imports[root], rest), 0))
        if root in scope.local or not root:
            return []
        return list(self._find(path, scope.definitions, 0))

    def _find(self, path: str, definitions: Definitions, depth: int) -> Iterator[Target]:
        root, _, rest = path.partition(".")
        if depth > _DEPTH:
            return
        for owner in definitions.classes.get(root, ()):
            yield from self._find_in_class(Class(definitions=definitions, node=owner), rest)
        for function in definitions.functions.get(root, ()):
            if not rest:
                yield Target(definitions=definitions, function=function)
            yield Target(variable=(definitions.module, root))
        if root in definitions.assigned:
            yield Target(variable=(definitions.module, root))
            yield from self._find_behind(root, rest, definitions, depth + 1)
        for dotted in definitions.imports.get(root, ()):
            yield from self._find_dotted(_joined(dotted, rest), depth + 1)
        if definitions.is_bound(root):
            return
        found = [
            target
            for star in definitions.stars
            if (other := self.read(star)) is not None
            for target in self._find(path, other, depth + 1)
        ]
        yield from found
        if not found and is_builtin(root):
            yield Target(library=path)

    def _find_behind(
        self, name: str, rest: str, definitions: Definitions, depth: int
    ) -> Iterator[Target]:
        """Find what a variable refers to: another path, or the result of a library call."""
        for value in definitions.assigned.get(name, ()):
            alias = read_chain(value) if value is not None else None
            if alias and alias.partition(".")[0] != name:
                yield from self._find(_joined(alias, rest), definitions, depth)
                continue
            path = read_path(value) if value is not None and rest else None
            if path and path.partition(".")[0] != name:
                made = self._find(_joined(path, rest), definitions, depth)
                yield from (replace(each, made=True) for each in made if each.library)

    def _find_dotted(self, dotted: str, depth: int) -> Iterator[Target]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            definitions = self.read(".".join(parts[:length]))
            if definitions is None:
                continue
            rest = parts[length:]
            if rest:
                yield from self._find(".".join(rest), definitions, depth + 1)
                yield Target(variable=(definitions.module, rest[0]))
            return
        yield Target(library=dotted)

    def _find_in_class(self, owner: Class, rest: str) -> Iterator[Target]:
        if not rest:
            yield Target(definitions=owner.definitions, owner=owner.node)
            return
        yield from self.methods(owner, rest)
        name, _, inner = rest.partition(".")
        for node in owner.node.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                yield from self._find_in_class(
                    Class(definitions=owner.definitions, node=node), inner
                )
        yield Target(variable=(owner.definitions.module, owner.node.name))

    def methods(self, owner: Class, *names: str) -> Iterator[Target]:
        """Yield the methods of a class, and of its bases, that have one of some names."""
        for each in self.lineage(owner):
            for node in each.node.body:
                if isinstance(node, FunctionNode) and node.name in names:
                    yield each.method(node)

    def methods_of(self, owner: Class) -> Iterator[Target]:
        """Yield all methods of a class and its bases."""
        for each in self.lineage(owner):
            yield from (
                each.method(node) for node in each.node.body if isinstance(node, FunctionNode)
            )

    def lineage(self, owner: Class) -> list[Class]:
        """Return a class, its bases and metaclasses, and nested classes.

        Only classes of the project are known.
        """
        found: list[Class] = []
        queue = [owner]
        while queue:
            each = queue.pop(0)
            if any(each.node is known.node for known in found):
                continue
            found.append(each)
            inner = (node for node in each.node.body if isinstance(node, ast.ClassDef))
            queue += [Class(definitions=each.definitions, node=node) for node in inner]
            for path in read_bases(each.node):
                queue += self.classes_at(path, each.definitions)
        return found

    def classes_at(self, path: str, definitions: Definitions) -> list[Class]:
        """Return the project's classes that a path in a module may refer to."""
        return [
            Class(definitions=target.definitions, node=target.owner)
            for target in self._find(path, definitions, 0)
            if target.owner is not None and target.function is None and target.definitions
        ]

    def in_sight(self, definitions: Definitions) -> list[Definitions]:
        """Return a module and all first-party modules that it imports, directly or indirectly."""
        key = definitions.module
        if key not in self._in_sight:
            self._in_sight[key] = self._look_around(definitions)
        return self._in_sight[key]

    @functools.cached_property
    def _in_sight(self) -> dict[str, list[Definitions]]:
        return {}

    def _look_around(self, definitions: Definitions) -> list[Definitions]:
        found = {definitions.module: definitions}
        queue = [definitions]
        while queue:
            each = queue.pop()
            dotted = [name for names in each.imports.values() for name in names]
            for name in [*dotted, *each.stars]:
                for length in range(len(name.split(".")), 0, -1):
                    module = ".".join(name.split(".")[:length])
                    other = found.get(module) or self.read(module)
                    if other is not None and other.module not in found:
                        found[other.module] = other
                        queue.append(other)
        return list(found.values())


def _joined(dotted: str, rest: str) -> str:
    return f"{dotted}.{rest}" if rest else dotted
