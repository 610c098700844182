"""Determines what calling the project's functions may change."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from kfpkit.bundle.effects.changes import Change, Writes
from kfpkit.bundle.effects.code import Effects, Link, Links
from kfpkit.bundle.effects.definitions import Definitions, names_in, read_imported_names, stored_in
from kfpkit.bundle.effects.memory import Memory
from kfpkit.bundle.effects.signature import parameters_of
from kfpkit.bundle.effects.targets import Class, Scope, Target, Targets
from kfpkit.bundle.effects.ties import Depth, Ties
from kfpkit.bundle.reading import FunctionNode


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Reads the project's functions, and remembers the result for each.

    Args:
        targets: Resolves paths.
        own: The module with the statements to judge.
        changes: Determines what code in a scope changes.
    """

    targets: Targets
    own: Definitions
    changes: Callable[[Effects, Scope], Iterable[Change]]
    _memory: Memory = field(default_factory=Memory)

    @functools.cached_property
    def ties(self) -> Ties:
        """Resolves which objects names may refer to."""
        return Ties(targets=self.targets, own=self.own)

    def classes_behind(self, links: Links, scope: Scope) -> list[Class]:
        """Return the classes that some names may refer to, or whose instances they may be."""
        return self.ties.classes(self.ties.behind(links, scope, deep=False))

    def called_by(self, links: Links, scope: Scope) -> list[Target]:
        """Return the functions that an object holds and so may call."""
        return self.ties.functions(self.ties.behind(links, scope, deep=True, results=False))

    def writes_of(self, target: Target) -> Writes:
        """Return what calling a function may change."""
        definitions, function = target.definitions, target.function
        if definitions is None or function is None:
            return Writes()
        return self._memory.writes_of(
            (definitions.module, id(function)), lambda: self._read_function(definitions, function)
        )

    def _read_function(self, definitions: Definitions, function: FunctionNode) -> Writes:
        effects = definitions.effects_in(function)
        parameters = parameters_of(function)
        stored = stored_in(function)
        own = names_in(function) - effects.declared
        scope = Scope(
            definitions=definitions,
            imports=dict(_read_imports(function, definitions)),
            local=own,
            ties=effects.ties,
            given=parameters,
        )
        written: set[str] = set()
        deep: set[str] = set()
        asked: set[tuple[str, str]] = set()
        changes = [
            Change(variable=(definitions.module, name))
            for name in sorted(effects.declared & stored)
        ]
        for each in effects.written:
            if ".__class__" in each.path and each.name in parameters:
                written.add(f"{each.name}.__class__")
        for change in dict.fromkeys(self.changes(effects, scope)):
            if not change.name:
                changes.append(change)
                continue
            for outer, inner in self._out_of_function(change, scope):
                if outer.variable:
                    changes.append(outer)
                elif outer.name in parameters and outer.asks:
                    asked.add((outer.name, outer.asks))
                elif outer.name in parameters:
                    written.add(outer.name)
                    deep |= {outer.name} if inner else set()
        return Writes(
            parameters=frozenset(written),
            deep=frozenset(deep),
            asked=frozenset(asked),
            changes=tuple(dict.fromkeys(changes)),
        )

    def _out_of_function(self, change: Change, scope: Scope) -> Iterator[tuple[Change, bool]]:
        """Yield what a change inside a function changes in its module or its arguments.

        The second value states whether the contents may change too.
        """
        links = [Link(name=change.name)]
        depth = Depth.DEEP if change.deep else Depth.ITSELF
        for (module, name), reached in self.ties.out_of_function(links, scope, depth):
            inner = reached is Depth.DEEP
            # Of what is only made of other objects nothing is certain.
            certain = name == change.name or reached is Depth.ITSELF
            handed = change.handed or not certain
            if module and reached is not Depth.INSTANCE:
                variable = (module, name)
                yield replace(change, name="", variable=variable, deep=inner, handed=handed), inner
            elif not module:
                yield replace(change, name=name.strip("<>")), inner


def _read_imports(function: FunctionNode, definitions: Definitions) -> Iterable[tuple[str, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from read_imported_names(
                node, definitions.module, is_package=definitions.is_package
            )
