"""What a dotted path in a piece of code leads to: a function, a class, a variable, a library."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kfpkit.bundle.effects.definitions import Definitions
from kfpkit.bundle.effects.libraries import is_builtin
from kfpkit.bundle.effects.process_state import only_says, sets_by_assignment, sets_by_call
from kfpkit.bundle.syntax import FunctionNode

# Longer chains of names for one thing are cut.
_DEPTH = 60
# What these give is set as a whole: `decimal.getcontext().prec = 5`.
_SETTINGS = ("decimal.getcontext", "logging.getLogger")

Read = Callable[[str], "Definitions | None"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a path leads to; nothing where it cannot be found.

    Args:
        definitions: The module that defines the function or class.
        function: A function, or a method of `owner`.
        owner: A class.
        variable: A module's variable, as the module's name and its own.
        library: A dotted name of a library, builtins included.
    """

    definitions: Definitions | None = None
    function: FunctionNode | None = None
    owner: ast.ClassDef | None = None
    variable: tuple[str, str] | None = None
    library: str = ""

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.definitions or self.variable or self.library)


@dataclass(kw_only=True)
class Scope:
    """Where code stands.

    Args:
        definitions: Its module.
        imports: What a function's own import statements give.
        local: The names that are the function's own.
    """

    definitions: Definitions
    imports: dict[str, str]
    local: frozenset[str] = frozenset()

    @classmethod
    def of_module(cls, definitions: Definitions) -> Scope:
        """Return the scope of a module's top level."""
        return cls(definitions=definitions, imports={})

    def is_import(self, name: str) -> bool:
        """Whether an import statement gives a name."""
        inherited = name in self.definitions.imports and name not in self.local
        return name in self.imports or inherited


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Finds what paths lead to.

    Args:
        read: Gives the definitions of a first-party module; None for what is none.
    """

    read: Read

    def find(self, path: str, scope: Scope) -> Target:
        """Find what a dotted path in a scope leads to."""
        root, _, rest = path.partition(".")
        if root in scope.imports:
            return self._find_dotted(_joined(scope.imports[root], rest), 0)
        if root in scope.local or not root:
            return Target()
        return self._find(path, scope.definitions, 0)

    def _find(self, path: str, definitions: Definitions, depth: int) -> Target:
        root, _, rest = path.partition(".")
        found = Target()
        if root in definitions.classes:
            found = _find_in_class(definitions, root, rest)
        elif root in definitions.functions:
            found = Target(variable=(definitions.module, root))
            if not rest:
                function = definitions.functions[root]
                found = Target(definitions=definitions, function=function)
        elif root in definitions.assigned:
            found = self._find_variable(path, definitions, depth)
        elif root in definitions.imports:
            found = self._find_dotted(_joined(definitions.imports[root], rest), depth + 1)
        elif is_builtin(root):
            found = Target(library=path)
        return found

    def _find_variable(self, path: str, definitions: Definitions, depth: int) -> Target:
        """A variable; where a library's call made it, what is done to it is that library's."""
        root, _, rest = path.partition(".")
        behind = definitions.path_behind(root)
        if behind and rest and depth < _DEPTH and behind.partition(".")[0] != root:
            found = self._find(_joined(behind, rest), definitions, depth + 1).library
            sets = sets_by_assignment(found) and found.startswith(_SETTINGS)
            if sets or sets_by_call(found) or only_says(found):
                return Target(library=found)
        return Target(variable=(definitions.module, root))

    def _find_dotted(self, dotted: str, depth: int) -> Target:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            definitions = self.read(".".join(parts[:length]))
            if definitions is None:
                continue
            rest = parts[length:]
            if not rest or depth > _DEPTH:
                return Target()
            found = self._find(".".join(rest), definitions, depth)
            return found or Target(variable=(definitions.module, rest[0]))
        return Target(library=dotted)

    def classes_behind(self, name: str, scope: Scope) -> list[Target]:
        """The classes that an object may be of: the one that made it, else all of the module."""
        definitions = scope.definitions
        if name in scope.local or name not in definitions.assigned:
            return []
        behind = definitions.path_behind(name)
        found = self._find(behind, definitions, 0) if behind else Target()
        if found.owner is not None:
            return [found]
        if found.library:
            return []
        return [
            Target(definitions=definitions, owner=owner) for owner in definitions.classes.values()
        ]


def methods(owner: ast.ClassDef, *names: str) -> Iterator[FunctionNode]:
    """Yield the methods of a class that have one of some names."""
    for node in owner.body:
        if isinstance(node, FunctionNode) and node.name in names:
            yield node


def _find_in_class(definitions: Definitions, name: str, rest: str) -> Target:
    owner = definitions.classes[name]
    if not rest:
        return Target(definitions=definitions, owner=owner)
    for function in methods(owner, rest):
        return Target(definitions=definitions, function=function, owner=owner)
    return Target(variable=(definitions.module, name))


def _joined(dotted: str, rest: str) -> str:
    return f"{dotted}.{rest}" if rest else dotted
