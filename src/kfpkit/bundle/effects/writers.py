"""What calling a function, or deriving a class, may change: found by reading.

A function is a *writer* of a variable when it, or a function that it calls, assigns to it with
`global`, assigns to its attributes or items, calls a method of it, or hands it on to code that is
not read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kfpkit.bundle.effects.changes import Change, Writes
from kfpkit.bundle.effects.code import Call, Effects, bases_of, effects_of
from kfpkit.bundle.effects.definitions import Definitions, imported
from kfpkit.bundle.effects.libraries import (
    is_builtin,
    is_forgetful,
    only_reads,
    writes_arguments,
)
from kfpkit.bundle.effects.process_state import only_says, sets_by_assignment, sets_by_call
from kfpkit.bundle.effects.signature import matched, parameters_of
from kfpkit.bundle.effects.targets import Scope, Target, Targets, methods
from kfpkit.bundle.syntax import FunctionNode

_MAKING = ("__new__", "__init__", "__post_init__")
_DERIVING = ("__init_subclass__", "__new__", "__init__", "__prepare__", "__call__")
_NOTICING_BASES = frozenset({"abc.ABC", "abc.ABCMeta"})


@dataclass(kw_only=True)
class Writers:
    """Reads what code may change; remembers functions that it has read.

    Args:
        targets: Finds what paths lead to.
        subclasses_are_asked_for: Whether any code that ships asks a class for its subclasses.
    """

    targets: Targets
    subclasses_are_asked_for: bool = False
    _known: dict[tuple[str, int], Writes] = field(default_factory=dict)

    def changes_of(self, effects: Effects, definitions: Definitions) -> list[Change]:
        """Return what code at the top level of a module may change."""
        return list(self._changes(effects, Scope.of_module(definitions)))

    def _changes(self, effects: Effects, scope: Scope) -> Iterator[Change]:
        for name, path in effects.written:
            yield from self._written(name, path, scope)
        for call in effects.calls:
            yield from self._called(call, scope)
        for bases in effects.derivations:
            yield from self._derived(bases, scope)

    def _written(self, name: str, path: str, scope: Scope) -> Iterator[Change]:
        """What assigning to an attribute or an item changes."""
        target = self.targets.find(path, scope) if path.partition(".")[0] == name else Target()
        if target.library and sets_by_assignment(target.library):
            yield Change(process=target.library)
        elif target.library:
            yield Change(library=target.library, thrown_away=True)
        elif target.variable:
            yield Change(variable=target.variable)
        if not scope.is_import(name):
            yield Change(name=name)

    def _called(self, call: Call, scope: Scope) -> Iterator[Change]:
        if not call.decorates:
            # What a call is handed it may call.
            for name in sorted(call.handed):
                function = self.targets.find(name, scope)
                yield from self.writes_of(function).changes if function.function else ()
        target = self.targets.find(call.path, scope)
        if target.function or target.owner:
            yield from self._called_own(call, target)
        elif target.library:
            yield from self._called_library(call, target.library, scope)
        else:
            yield from self._called_object(call, target, scope)

    def _called_own(self, call: Call, target: Target) -> Iterator[Change]:
        """What calling a function of the project changes, or making an object of a class."""
        writes = self.writes_of(target)
        yield from writes.changes
        if target.function and target.owner and target.definitions and "cls" in writes.parameters:
            yield Change(variable=(target.definitions.module, target.owner.name))
        if call.direct:
            yield from _named(matched(call, target, writes.parameters))

    def _called_library(self, call: Call, path: str, scope: Scope) -> Iterator[Change]:
        if sets_by_call(path):
            yield Change(process=path)
            return
        writes = writes_arguments(path)
        registers = call.decorates and not is_forgetful(path)
        acts = (call.discarded and not only_says(path) and not is_builtin(path)) or registers
        if not (acts or writes):
            return
        if not is_builtin(path):
            yield Change(library=path, thrown_away=call.discarded)
        handed = call.handed | (call.receiver if call.discarded else frozenset())
        for name in sorted(handed - {call.root}):
            if not scope.is_import(name):
                yield Change(name=name, handed=True)

    def _called_object(self, call: Call, target: Target, scope: Scope) -> Iterator[Change]:
        """What a method of an object changes, or the call of an object."""
        method = call.path.rpartition(".")[2]
        if call.discarded or not only_reads(method) or "." not in call.path:
            if target.variable:
                yield Change(variable=target.variable)
            changed = call.receiver if "." in call.path else {call.root}
            yield from _named([name for name in changed if name and not scope.is_import(name)])
        behind = self.targets.classes_behind(call.root, scope)
        for each in behind:
            for function in methods(each.owner, method) if each.owner else ():
                found = replace(each, function=function)
                writes = self.writes_of(found)
                yield from writes.changes
                yield from _named(matched(call, found, writes.parameters, bound=True))
        if not behind and (call.discarded or call.decorates or writes_arguments(method)):
            for name in sorted(call.handed - {call.root}):
                yield Change(name=name, handed=True)

    def _derived(self, bases: tuple[str, ...], scope: Scope) -> Iterator[Change]:
        """What defining a class changes: a base or a metaclass may keep a list of its classes."""
        for base in bases:
            target = self.targets.find(base, scope)
            if target.owner is not None and target.definitions is not None:
                if self._takes_notice(target, frozenset()):
                    yield Change(variable=(target.definitions.module, target.owner.name))
                for function in methods(target.owner, *_DERIVING):
                    yield from self.writes_of(replace(target, function=function)).changes
            elif target.variable:
                yield Change(variable=target.variable)
            elif target.library and not is_forgetful(target.library):
                yield Change(library=target.library)

    def _takes_notice(self, base: Target, seen: frozenset[str]) -> bool:
        """Whether a class of the project may keep a list of what derives from it."""
        owner, definitions = base.owner, base.definitions
        if owner is None or definitions is None or owner.name in seen:
            return False
        if self.subclasses_are_asked_for or any(methods(owner, "__init_subclass__")):
            return True
        if any(keyword.arg == "metaclass" for keyword in owner.keywords):
            return True
        scope = Scope.of_module(definitions)
        found = [self.targets.find(path, scope) for path in bases_of(owner)]
        return any(
            each.variable is not None
            or each.library in _NOTICING_BASES
            or (bool(each.library) and not is_forgetful(each.library))
            or self._takes_notice(each, seen | {owner.name})
            for each in found
        )

    def writes_of(self, target: Target) -> Writes:
        """Return what calling a function, or making an object of a class, may change."""
        definitions = target.definitions
        if definitions is None:
            return Writes()
        if target.function is None:
            made = methods(target.owner, *_MAKING) if target.owner else ()
            each = [self.writes_of(replace(target, function=function)) for function in made]
            return Writes(
                parameters=frozenset().union(*(writes.parameters for writes in each)),
                changes=tuple(change for writes in each for change in writes.changes),
            )
        key = (definitions.module, id(target.function))
        if key not in self._known:
            # A function that calls itself adds nothing by that.
            self._known[key] = Writes()
            self._known[key] = self._read_function(definitions, target.function)
        return self._known[key]

    def _read_function(self, definitions: Definitions, function: FunctionNode) -> Writes:
        effects = effects_of(function.body, calls_run=True)
        parameters = parameters_of(function)
        stored = _stored(function)
        imports = dict(_imports_in(function, definitions))
        local = (parameters | stored | _inner_parameters(function)) - effects.declared
        scope = Scope(definitions=definitions, imports=imports, local=local)
        written: set[str] = set()
        changes = [
            Change(variable=(definitions.module, name))
            for name in sorted(effects.declared & stored)
        ]
        for change in self._changes(effects, scope):
            if not change.name:
                changes.append(change)
                continue
            for name in origins(change.name, effects.shares):
                if name in parameters:
                    written.add(name)
                elif name not in local and name not in imports:
                    changes += self._of_module(change, name, definitions)
        return Writes(parameters=frozenset(written), changes=tuple(dict.fromkeys(changes)))

    def _of_module(self, change: Change, name: str, definitions: Definitions) -> list[Change]:
        """Turn a change of a module's name into one of the variable that it stands for."""
        if change.handed and not definitions.is_changeable(name):
            return []
        found = self.targets.find(name, Scope.of_module(definitions))
        if found.library:
            return []
        return [Change(variable=found.variable or (definitions.module, name))]


def origins(name: str, shares: dict[str, set[str]]) -> Iterable[str]:
    """Return the names whose objects a name may stand for, itself included."""
    found = {name}
    queue = [name]
    while queue:
        new = shares.get(queue.pop(), set()) - found
        found |= new
        queue += new
    return [name, *sorted(found - {name})]


def _named(names: Iterable[str]) -> Iterator[Change]:
    return (Change(name=name) for name in sorted(names))


def _stored(function: FunctionNode) -> frozenset[str]:
    return frozenset(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _inner_parameters(function: FunctionNode) -> frozenset[str]:
    return frozenset(
        each.arg
        for node in ast.walk(function)
        if isinstance(node, FunctionNode | ast.Lambda) and node is not function
        for each in ast.walk(node.args)
        if isinstance(each, ast.arg)
    )


def _imports_in(function: FunctionNode, definitions: Definitions) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imported(node, definitions.module, is_package=definitions.is_package)
