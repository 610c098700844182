"""Determines what using objects changes without a visible call: `with`, operators, iterators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kfpkit.bundle.effects.assumptions import (
    CHAIN,
    CHAINING,
    ENTERING,
    WRITING,
    is_setting,
    keeps_value,
    runs_by_reading,
    sets_by_assignment,
)
from kfpkit.bundle.effects.changes import Change
from kfpkit.bundle.effects.code import Effects, Link, Links, Tie, Write, read_effects
from kfpkit.bundle.effects.constants import is_used_up
from kfpkit.bundle.effects.definitions import Definitions
from kfpkit.bundle.effects.functions import Functions
from kfpkit.bundle.effects.signature import own_object
from kfpkit.bundle.effects.targets import Class, Scope, Target
from kfpkit.bundle.effects.ties import local
from kfpkit.bundle.reading import FunctionNode


@dataclass(frozen=True, kw_only=True)
class Objects:
    """Determines what using objects changes.

    Args:
        functions: Reads functions.
    """

    functions: Functions
    _acting: dict[str, bool] = field(default_factory=dict)
    _answers: dict[tuple[tuple[str, str], str, bool], tuple[Change, ...]] = field(
        default_factory=dict
    )

    def written(self, write: Write, scope: Scope) -> Iterator[Change]:
        """What assigning to an attribute or an item changes."""
        for target in self.functions.targets.find(write.path, scope) if write.path else ():
            if target.library and (not target.made or is_setting(target.library)):
                if sets_by_assignment(target.library):
                    yield Change(process=target.library)
                else:
                    yield Change(library=target.library, thrown_away=True)
            elif target.variable:
                yield Change(variable=target.variable, deep=write.deep)
        if not scope.is_import(write.name) and write.name:
            yield Change(name=write.name, deep=write.deep)
        links = frozenset({Link(name=write.name)})
        attribute = write.path.split(".")[1:2]
        for owner in self.functions.classes_behind(links, scope):
            for method in self.functions.targets.methods(owner, *WRITING, *attribute):
                yield from self.run_method(method, links, scope)
            for method in self._descriptors_in(owner):
                yield from self.functions.writes_of(method).changes

    def _descriptors_in(self, owner: Class) -> Iterator[Target]:
        """Yield what assigning to an attribute runs in the objects that a class holds."""
        links = frozenset({Link(name=owner.node.name)})
        scope = Scope(definitions=owner.definitions)
        held = self.functions.ties.behind(links, scope, deep=True)
        for each in self.functions.ties.classes(held):
            yield from self.functions.targets.methods(each, "__set__", "__delete__")

    def entered(self, links: Links, scope: Scope) -> Iterator[Change]:
        """Yield what `with` changes when it enters and leaves an object."""
        for owner in self.functions.classes_behind(links, scope):
            for method in self.functions.targets.methods(owner, *ENTERING):
                yield from self.run_method(method, links, scope)
        for link in sorted(links, key=repr):
            if not scope.is_import(link.name):
                yield Change(name=link.name, handed=True, deep=True)

    def loaded(self, effects: Effects, scope: Scope) -> Iterator[Change]:
        """Yield what reading objects changes: iterators, properties, operators of own classes."""
        for name in sorted(effects.loaded):
            if name not in scope.local and is_used_up(scope.definitions, name):
                yield Change(name=name)
                yield from self._used_up(name, scope.definitions)
        if not self._reading_acts(scope.definitions):
            return
        for name in sorted(effects.loaded):
            links = frozenset({Link(name=name)})
            for owner in self.functions.classes_behind(links, scope):
                for method in self.functions.targets.methods_of(owner):
                    function = method.function
                    if function is None or not runs_by_reading(function):
                        continue
                    if function.name.startswith("__") or function.name in effects.attributes:
                        run = self.run_method(method, links, scope)
                        # What a library keeps is of interest where a call in sight changes it.
                        yield from (each for each in run if not each.library)
                        if keeps_value(function):
                            yield Change(name=name)

    def _used_up(self, name: str, definitions: Definitions) -> Iterator[Change]:
        """Yield what advancing an iterator changes, which is what creating it may change."""
        values = [each for each in definitions.assigned.get(name, ()) if each is not None]
        scope = Scope(definitions=definitions)
        for change in self.functions.changes(read_effects(values), scope):
            if change.name != name:
                yield change

    def _reading_acts(self, definitions: Definitions) -> bool:
        """Whether any visible class has methods that reading may run."""
        key = definitions.module
        if key not in self._acting:
            self._acting[key] = any(
                isinstance(node, FunctionNode) and runs_by_reading(node)
                for module in self.functions.targets.in_sight(definitions)
                for owners in module.classes.values()
                for owner in owners
                for node in owner.body
            )
        return self._acting[key]

    def chained(self, effects: Effects, scope: Scope) -> Iterator[Change]:
        """Yield what operators such as `>>` require of objects that a function receives."""
        nodes = self.functions.ties.behind(effects.chained, scope, deep=False)
        if any(local(name) in nodes for name in scope.given):
            for link in sorted(effects.chained, key=repr):
                yield Change(name=link.name, asks=CHAIN)

    def asked(self, change: Change, scope: Scope) -> tuple[Change, ...]:
        """Return what calling a method of an object changes, once the object is known."""
        key = (change.variable or (scope.definitions.module, change.name), change.asks, change.deep)
        if key not in self._answers:
            self._answers[key] = tuple(dict.fromkeys(self._answer(*key)))
        return self._answers[key]

    def _answer(self, variable: tuple[str, str], method: str, deep: bool) -> Iterator[Change]:  # noqa: FBT001 - a part of the key
        module, name = variable
        definitions = self.functions.targets.read(module)
        if definitions is None:
            return
        scope = Scope(definitions=definitions)
        links = frozenset({Link(name=name)})
        nodes = self.functions.ties.behind(links, scope, deep=deep)
        names = CHAINING if method == CHAIN else (method,)
        for owner in self.functions.ties.classes(nodes):
            for target in self.functions.targets.methods(owner, *names):
                for found in self.run_method(target, links, scope):
                    outer = (module, found.name) if found.name else found.variable
                    yield replace(found, name="", variable=outer)

    def run_method(self, target: Target, receiver: Links, scope: Scope) -> Iterator[Change]:
        """Return what running a method changes if its object is tied to some names."""
        writes = self.functions.writes_of(target)
        yield from writes.changes
        taken = own_object(target)
        if taken in writes.deep:
            # It may call what its object holds.
            for function in self.functions.called_by(receiver, scope):
                yield from self.functions.writes_of(function).changes
        for parameter, method in sorted(writes.asked):
            if parameter == taken:
                for link in sorted(receiver, key=repr):
                    yield Change(name=link.name, asks=method, deep=link.tie is not Tie.SAME)
        if taken and taken in writes.parameters:
            for link in sorted(receiver, key=repr):
                yield Change(name=link.name, deep=taken in writes.deep or link.tie is not Tie.SAME)
        if taken and f"{taken}.__class__" in writes.parameters and target.owner:
            module = target.definitions.module if target.definitions else ""
            yield Change(variable=(module, target.owner.name), deep=True)
