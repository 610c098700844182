"""Resolves which objects the names of all modules may refer to, be parts of, or contain.

Names are nodes, and ties are edges. A change through one name changes the object for all names that
may refer to it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from kfpkit.bundle.effects.code import RESULT, Link, Tie
from kfpkit.bundle.effects.definitions import Definitions
from kfpkit.bundle.effects.targets import Class, Scope, Target, Targets


class Depth(Enum):
    """Which part of an object is affected."""

    ITSELF = "the object of the name"
    MADE = "an object that a function of the name gave"
    INSTANCE = "an object of the class of the name"
    DEEP = "the object, what it holds, and what it is a part of"


Node = tuple[str, str]
"""A module and a name in it; of a library the module is empty and the name dotted."""


Step = tuple[Node, Depth]


@dataclass(frozen=True, kw_only=True)
class Ties:
    """Resolves what names are tied to.

    Args:
        targets: Resolves paths.
        own: The module with the statements to judge.
    """

    targets: Targets
    own: Definitions

    def behind(
        self, links: Iterable[Link], scope: Scope, *, deep: bool, results: bool = True
    ) -> dict[Node, set[Depth]]:
        """Return the names with objects that may be affected, and to which depth.

        Args:
            links: What a value is tied to.
            scope: The scope of the code.
            deep: Whether their contents count.
            results: Whether a function counts if a value is the result of calling it.
        """
        depth = Depth.DEEP if deep else Depth.ITSELF
        queue = list(dict.fromkeys(self.out_of_function(links, scope, depth)))
        if len(queue) == 1 and queue[0][0][0]:
            key = (*queue[0], results)
            if key not in self._behind:
                self._behind[key] = self._follow(queue, results=results)
            return self._behind[key]
        return self._follow(queue, results=results)

    def _follow(self, queue: list[Step], *, results: bool) -> dict[Node, set[Depth]]:
        found: dict[Node, set[Depth]] = {}
        while queue:
            node, depth = queue.pop()
            if depth not in found.setdefault(node, set()):
                found[node].add(depth)
                queue += self._next(node, depth, results=results)
        return found

    @functools.cached_property
    def _behind(self) -> dict[tuple[Node, Depth, bool], dict[Node, set[Depth]]]:
        return {}

    def out_of_function(self, links: Iterable[Link], scope: Scope, depth: Depth) -> Iterator[Step]:
        """Follow the names of a function until they lead out of it."""
        seen: set[tuple[str, Depth]] = set()
        queue = list(self._steps(links, scope, depth))
        while queue:
            step = queue.pop()
            if step in seen:
                continue
            seen.add(step)
            name, inner = step
            if name in scope.imports:
                yield from ((node, inner) for node in self._nodes_of(scope.imports[name]))
            elif name in scope.local:
                yield local(name), inner
                queue += self._steps(scope.ties.get(name, ()), scope, inner)
            else:
                yield (scope.definitions.module, name), inner

    def _next(self, node: Node, depth: Depth, *, results: bool) -> tuple[Step, ...]:
        key = (node, depth, results)
        if key not in self._steps_from:
            self._steps_from[key] = tuple(self._find_next(node, depth, results=results))
        return self._steps_from[key]

    @functools.cached_property
    def _steps_from(self) -> dict[tuple[Node, Depth, bool], tuple[Step, ...]]:
        return {}

    def _find_next(self, node: Node, depth: Depth, *, results: bool) -> Iterator[Step]:
        module, name = node
        definitions = self.targets.read(module) if module else None
        if definitions is None:
            return
        links = definitions.ties_of(name)
        if not results:
            links = frozenset(each for each in links if each.maker != RESULT)
        for other, inner in self._steps(links, Scope(definitions=definitions), depth):
            yield (module, other), inner
        for dotted in definitions.imports.get(name, ()):
            yield from ((each, depth) for each in self._nodes_of(dotted))
        if not definitions.is_bound(name):
            for star in definitions.stars:
                yield from ((each, depth) for each in self._nodes_of(f"{star}.{name}"))
        if depth is Depth.DEEP:
            yield from ((each, depth) for each in self._given.get(node, ()))

    def _steps(
        self, links: Iterable[Link], scope: Scope, depth: Depth
    ) -> Iterator[tuple[str, Depth]]:
        deep = depth is Depth.DEEP
        # In one order, so that the same reason is given each time.
        for link in sorted(links, key=lambda each: (each.name, each.tie.name, each.maker)):
            if link.tie is Tie.PART or deep:
                yield link.name, Depth.DEEP
            elif link.tie is Tie.HELD:
                continue
            elif link.maker == RESULT:
                # An object is neither its class nor the function that gave it.
                makes = self._makes(link.name, scope)
                yield link.name, Depth.INSTANCE if makes else Depth.MADE
            elif not (link.maker and self._makes(link.maker, scope)):
                yield link.name, depth

    def _makes(self, path: str, scope: Scope) -> bool:
        """Whether a call creates an object of a class, which keeps the arguments."""
        found = self.targets.find(path, scope)
        return bool(found) and all(each.owner and not each.function for each in found)

    def _nodes_of(self, dotted: str) -> Iterator[Node]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            definitions = self.targets.read(".".join(parts[:length]))
            if definitions is not None:
                yield definitions.module, parts[length] if length < len(parts) else ""
                return
        yield "", dotted

    @functools.cached_property
    def _given(self) -> dict[Node, list[Node]]:
        """Variables that hold a module's objects because the module passes these to functions.

        `@on_startup` adds the decorated object to the list that `on_startup` keeps.
        """
        found: dict[Node, list[Node]] = {}
        scope = Scope(definitions=self.own)
        for key, links in self.own.effects.ties.items():
            if not key.endswith("()"):
                continue
            for target in self.targets.find(key.removesuffix("()"), scope):
                if target.function is None or target.definitions is None:
                    continue
                for holder in target.definitions.kept_by(target.function):
                    held = found.setdefault((target.definitions.module, holder), [])
                    held += [(self.own.module, link.name) for link in links]
        return found

    # What nodes stand for.

    def classes(self, nodes: Iterable[Node]) -> list[Class]:
        """Return the project's classes among some nodes."""
        return [
            Class(definitions=definitions, node=owner)
            for definitions, name in self._known(nodes)
            for owner in definitions.classes.get(name, ())
        ]

    def functions(self, nodes: Iterable[Node]) -> list[Target]:
        """Return the project's functions among some nodes."""
        return [
            Target(definitions=definitions, function=function)
            for definitions, name in self._known(nodes)
            for function in definitions.functions_behind(name)
        ]

    def _known(self, nodes: Iterable[Node]) -> Iterator[tuple[Definitions, str]]:
        for module, name in nodes:
            definitions = self.targets.read(module) if module else None
            if definitions is not None:
                yield definitions, name


def local(name: str) -> Node:
    """Return the node of a function's name."""
    return "", f"<{name}>"
