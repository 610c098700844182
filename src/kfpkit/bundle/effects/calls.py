"""Determines what calls change: calls of the project's functions, of libraries, and of objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.effects.assumptions import (
    MAKING,
    adds_to_itself,
    is_builtin,
    is_forgetful,
    only_reads,
    only_says,
    sets_by_call,
    writes_arguments,
)
from kfpkit.bundle.effects.changes import Change, Writes
from kfpkit.bundle.effects.code import RESULT, Call, Link, Tie, read_bases, read_effects
from kfpkit.bundle.effects.functions import Functions
from kfpkit.bundle.effects.objects import Objects
from kfpkit.bundle.effects.signature import match_arguments, own_object, parameters_of
from kfpkit.bundle.effects.state import State
from kfpkit.bundle.effects.targets import Class, Scope, Target
from kfpkit.bundle.effects.ties import local
from kfpkit.bundle.reading import read_chain


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Determines what calls change.

    Args:
        functions: Reads functions.
        objects: Determines what using objects changes.
        state: Determines what functions remember.
    """

    functions: Functions
    objects: Objects
    state: State

    def called(self, call: Call, scope: Scope) -> Iterator[Change]:
        """Yield what a call changes."""
        found = self.functions.targets.find(call.path, scope)
        own = [each for each in found if each.function or each.owner]
        # What a library's call made is an object like others, but for loggers and the like.
        libraries = [
            each.library
            for each in found
            if each.library
            and (not each.made or sets_by_call(each.library) or only_says(each.library))
        ]
        for target in own:
            yield from self._called_own(call, target)
        for path in libraries:
            yield from self._called_library(call, path, scope)
        if not own and not libraries:
            yield from self._called_object(call, found, scope)
        yield from self._handed(call, own, scope)

    def _called_own(self, call: Call, target: Target) -> Iterator[Change]:
        """Yield what a call of a project's function changes, or the creation of an object."""
        if target.owner is not None and target.function is None:
            # Fields may be filled by functions: `field(default_factory=new_id)`.
            yield from self._called_by(target)
        for each in self._functions_of(target):
            writes = self.functions.writes_of(each)
            yield from writes.changes
            yield from self.state.changed_by_call(each, writes)
            if call.direct or call.decorates or target.owner is not None:
                yield from _handed_to(call, each, writes)
            else:
                # What a function gave is called, and nobody knows what it does.
                yield from _changed_by_handing(call)

    def _called_by(self, target: Target) -> Iterator[Change]:
        """Yield what functions change that a class holds, and so may call."""
        if target.definitions is not None and target.owner is not None:
            links = frozenset({Link(name=target.owner.name)})
            scope = Scope(definitions=target.definitions)
            for each in self.functions.called_by(links, scope):
                yield from self.functions.writes_of(each).changes

    def _functions_of(self, target: Target) -> Iterator[Target]:
        """Yield the functions that a call runs."""
        if target.function is not None:
            yield target
        elif target.owner is not None and target.definitions is not None:
            owner = Class(definitions=target.definitions, node=target.owner)
            yield from self.functions.targets.methods(owner, *MAKING)
            for each in self.functions.targets.lineage(owner):
                if "type" in read_bases(each.node):
                    yield from self.functions.targets.methods(each, "__call__")

    def _called_library(self, call: Call, path: str, scope: Scope) -> Iterator[Change]:
        if sets_by_call(path):
            yield Change(process=path)
            return
        says = only_says(path) and not any(key == "file" for key, _ in call.keywords)
        writes = writes_arguments(path)
        registers = call.decorates and not is_forgetful(path)
        acts = call.discarded and not says and not (is_builtin(path) and path != "print")
        if not (acts or registers or writes):
            return
        if not is_builtin(path):
            yield Change(library=path, thrown_away=call.discarded)
        receiver = call.callee if call.discarded or not call.direct else frozenset()
        for link in sorted(call.handed | receiver, key=repr):
            if not scope.is_import(link.name) and link.name != call.root:
                yield Change(name=link.name, handed=True, deep=True)

    def _called_object(self, call: Call, found: list[Target], scope: Scope) -> Iterator[Change]:
        """Yield what a method of an object changes, or the call of an object."""
        run = self._methods_meant(call, scope) if call.method else self._meant(call, scope)
        for target in run:
            writes = self.functions.writes_of(target)
            yield from self.objects.run_method(target, call.callee, scope)
            if target.owner is None:
                yield from self.state.changed_by_call(target, writes)
            yield from _handed_to(call, target, writes)
        yield from self._asked(call, scope)
        if run and call.method and self._is_of_own_classes(call, scope):
            return
        acts = call.discarded or call.decorates
        if acts or not only_reads(call.method):
            yield from _changed_object(call, found, scope)
        acts = acts or writes_arguments(call.method)
        if acts and not run and not adds_to_itself(call.method):
            yield from _changed_by_handing(call)

    def _methods_meant(self, call: Call, scope: Scope) -> list[Target]:
        """Return the methods that a call may mean."""
        return [
            method
            for owner in self.functions.classes_behind(call.callee, scope)
            for method in self.functions.targets.methods(owner, call.method)
        ]

    def _asked(self, call: Call, scope: Scope) -> Iterator[Change]:
        """Yield the methods that are called on objects that the function receives."""
        if call.method and scope.given:
            nodes = self.functions.ties.behind(call.callee, scope, deep=False)
            if any(local(name) in nodes for name in scope.given):
                for link in sorted(call.callee, key=repr):
                    deep = link.tie is not Tie.SAME
                    yield Change(name=link.name, asks=call.method, deep=deep)

    def _is_of_own_classes(self, call: Call, scope: Scope) -> bool:
        """Whether only classes of the project create the object of a method."""
        root, _, rest = call.path.rpartition(".")[0].partition(".")
        made = scope.definitions.assigned.get(root, ()) if root not in scope.local else ()
        targets = self.functions.targets
        return (
            bool(made)
            and not rest
            and all(
                isinstance(value, ast.Call)
                and (path := read_chain(value.func)) is not None
                and (found := targets.find(path, Scope(definitions=scope.definitions)))
                and all(each.owner and not each.function for each in found)
                for value in made
            )
        )

    def _meant(self, call: Call, scope: Scope) -> list[Target]:
        """Return the functions that calling a value may run."""
        nodes = self.functions.ties.behind(call.callee, scope, deep=True)
        found = self.functions.ties.functions(nodes)
        for owner in self.functions.classes_behind(call.callee, scope):
            target = Target(definitions=owner.definitions, owner=owner.node)
            found += [
                *self._functions_of(target),
                *self.functions.targets.methods(owner, "__call__"),
            ]
        return found

    def _handed(self, call: Call, own: list[Target], scope: Scope) -> Iterator[Change]:
        """Yield what a call's arguments change if they are functions or objects it may call."""
        if call.decorates and not any(_calls_at_once(each) for each in own):
            return
        values = frozenset(each for each in call.handed if each.maker != RESULT)
        nodes = self.functions.ties.behind(values, scope, deep=True, results=False)
        functions = self.functions.ties.functions(nodes)
        for path in call.passed:
            functions += [
                each for each in self.functions.targets.find(path, scope) if each.function
            ]
            functions += self._methods_passed(path, scope)
        if not own and call.discarded:
            owners = self.functions.classes_behind(call.handed, scope)
            functions += [
                each for owner in owners for each in self.functions.targets.methods_of(owner)
            ]
        for target in functions:
            writes = self.functions.writes_of(target)
            yield from writes.changes
            if writes.parameters - {own_object(target)}:
                yield from _changed_by_handing(call)

    def _methods_passed(self, path: str, scope: Scope) -> Iterator[Target]:
        """Yield the methods that a path such as `filler.fill` may refer to."""
        name, _, method = path.rpartition(".")
        root = name.partition(".")[0]
        if root:
            for owner in self.functions.classes_behind(frozenset({Link(name=root)}), scope):
                yield from self.functions.targets.methods(owner, method)


def _changed_object(call: Call, found: list[Target], scope: Scope) -> Iterator[Change]:
    """The object that a call may change: the method's object, or the function itself."""
    for target in found:
        if target.variable:
            # What a call gave is no more than made of the variable.
            handed = not call.direct
            yield Change(variable=target.variable, deep=bool(call.method), handed=handed)
    shallow = adds_to_itself(call.method) or not call.method
    for link in sorted(call.callee, key=repr):
        if not scope.is_import(link.name):
            yield Change(name=link.name, deep=not shallow or link.tie is not Tie.SAME)


def _changed_by_handing(call: Call) -> Iterator[Change]:
    """Yield what may change when it is passed to code that isn't read."""
    for link in sorted(call.handed, key=repr):
        yield Change(name=link.name, handed=True, deep=True)


def _handed_to(call: Call, target: Target, writes: Writes) -> Iterator[Change]:
    """Yield what a call changes of the arguments that it passes to a function."""
    for parameter, links in match_arguments(call, target):
        for asked, method in sorted(writes.asked):
            if asked == parameter:
                for link in sorted(links, key=repr):
                    deep = link.tie is not Tie.SAME
                    yield Change(name=link.name, asks=method, deep=deep)
        if parameter not in writes.parameters:
            continue
        deep = parameter in writes.deep
        for link in sorted(links, key=repr):
            if deep or link.tie is not Tie.HELD:
                yield Change(name=link.name, deep=deep or link.tie is Tie.PART)


def _calls_at_once(target: Target) -> bool:
    """Whether a decorator calls the decorated function immediately, not only later."""
    if target.function is None:
        return False
    parameters = parameters_of(target.function)
    return any(call.root in parameters for call in read_effects(target.function.body).calls)
