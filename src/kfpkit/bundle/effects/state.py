"""Determines which functions and classes keep state between calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.effects.assumptions import MAKING
from kfpkit.bundle.effects.changes import Change, Writes
from kfpkit.bundle.effects.code import read_path
from kfpkit.bundle.effects.constants import has_values, is_constant, is_fixed
from kfpkit.bundle.effects.definitions import Definitions, names_in
from kfpkit.bundle.effects.functions import Functions
from kfpkit.bundle.effects.signature import defaults_of, own_object
from kfpkit.bundle.effects.targets import Class, Scope, Target
from kfpkit.bundle.effects.ties import Node
from kfpkit.bundle.reading import FunctionNode

_REMEMBERING = re.compile(r"(\w+\.)*\w*(cache|memoize)\w*(\.\w+)*")


@dataclass(frozen=True, kw_only=True)
class State:
    """Determines what functions and classes remember.

    Args:
        functions: Reads functions.
    """

    functions: Functions

    def changed_by_call(self, target: Target, writes: Writes) -> Iterator[Change]:
        """Yield what a function, or a method's class, remembers of a call."""
        function, definitions = target.function, target.definitions
        if function is None or definitions is None:
            return
        owner = target.owner.name if target.owner else function.name
        variable = (definitions.module, owner)
        if target.owner is not None:
            yield from self._changed_by_method(target, writes, variable)
        elif self.has_state(definitions, function):
            yield Change(variable=variable)
        for name, default in defaults_of(function):
            if name in writes.parameters and not is_fixed(default, definitions):
                yield Change(variable=variable, deep=True)

    def _changed_by_method(
        self, target: Target, writes: Writes, variable: tuple[str, str]
    ) -> Iterator[Change]:
        taken = own_object(target)
        name = target.function.name if target.function else ""
        if f"{taken}.__class__" in writes.parameters:
            yield Change(variable=variable, deep=True)
        elif name == "__new__" or (taken == "cls" and name not in MAKING):
            if taken in writes.parameters:
                yield Change(variable=variable, deep=True)
        elif taken in writes.deep:
            yield Change(variable=variable, deep=True, handed=True)

    def is_class(self, node: Node) -> bool:
        """Whether a name of a module refers to a class."""
        definitions = self.functions.targets.read(node[0])
        return definitions is not None and node[1] in definitions.classes

    def is_changeable(self, node: Node) -> bool:
        """Whether an object may change when it is passed on, or is part of another one."""
        module, name = node
        definitions = self.functions.targets.read(module)
        if definitions is None:
            return False
        classes = definitions.classes.get(name, ())
        if any(has_values(each, definitions) for each in classes):
            return True
        functions = definitions.functions.get(name, ())
        if any(
            self.has_state(definitions, each) or _has_memory(each, definitions)
            for each in functions
        ):
            return True
        return name in definitions.assigned and not is_constant(definitions, name)

    def has_state(self, definitions: Definitions, function: FunctionNode) -> bool:
        """Whether decorators of a function may remember its calls."""
        return any(self._remembers(each, definitions) for each in function.decorator_list)

    def _remembers(self, decorator: ast.expr, definitions: Definitions) -> bool:
        path = read_path(decorator) or "?"
        if _REMEMBERING.fullmatch(path):
            return True
        found = self.functions.targets.find(path, Scope(definitions=definitions))
        for target in found:
            if target.function is not None and target.definitions is not None:
                if self._closes_over(target.function, target.definitions):
                    return True
            elif target.owner is not None and target.definitions is not None:
                owner = Class(definitions=target.definitions, node=target.owner)
                called = self.functions.targets.methods(owner, "__call__")
                if any(
                    own_object(each) in self.functions.writes_of(each).parameters for each in called
                ):
                    return True
        return not any(each.function or each.owner or each.library for each in found)

    def _closes_over(self, decorator: FunctionNode, definitions: Definitions) -> bool:
        """Whether a function inside a decorator changes the decorator's variables."""
        outer = names_in(decorator)
        for node in ast.walk(decorator):
            if not isinstance(node, FunctionNode) or node is decorator:
                continue
            effects = definitions.effects_in(node)
            called = {each.path for each in effects.calls if not each.method}
            target = Target(definitions=definitions, function=node)
            for change in self.functions.writes_of(target).changes:
                name = change.variable[1] if change.variable else ""
                if name in outer - called and change.variable == (definitions.module, name):
                    return True
            if any(isinstance(each, ast.Nonlocal) for each in ast.walk(node)):
                return True
        return False


def _has_memory(function: FunctionNode, definitions: Definitions) -> bool:
    """Whether a default of a function may change."""
    return any(not is_fixed(default, definitions) for _, default in defaults_of(function))
