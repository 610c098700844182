"""Determines what defining a class changes: a base or metaclass may keep a list of its classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.effects.assumptions import DERIVING, is_forgetful
from kfpkit.bundle.effects.changes import Change
from kfpkit.bundle.effects.code import read_bases
from kfpkit.bundle.effects.functions import Functions
from kfpkit.bundle.effects.targets import Class, Scope
from kfpkit.bundle.reading import FunctionNode

_NOTICING_BASES = frozenset({"abc.ABC", "abc.ABCMeta"})
_NOTICING_METHODS = frozenset({"__init_subclass__", "__prepare__"})


@dataclass(frozen=True, kw_only=True)
class Deriving:
    """Determines what defining classes changes.

    Args:
        functions: Reads functions.
        subclasses_are_asked_for: Whether any shipped code lists the subclasses of a class.
    """

    functions: Functions
    subclasses_are_asked_for: bool

    def derived(self, bases: tuple[str, ...], scope: Scope) -> Iterator[Change]:
        """Yield what deriving a class from bases changes. A metaclass counts as a base."""
        for base in bases:
            for target in self.functions.targets.find(base, scope):
                if target.owner is not None and target.definitions is not None:
                    owner = Class(definitions=target.definitions, node=target.owner)
                    yield from self._derived_from(owner)
                elif target.variable and not target.function:
                    yield Change(variable=target.variable)
                elif target.library and (
                    self.subclasses_are_asked_for or not is_forgetful(target.library)
                ):
                    yield Change(library=target.library)

    def _derived_from(self, owner: Class) -> Iterator[Change]:
        lineage = self.functions.targets.lineage(owner)
        noticing = self.subclasses_are_asked_for or self._notices(owner)
        for each in lineage:
            name = (each.definitions.module, each.node.name)
            if noticing:
                yield Change(variable=name)
            for method in self.functions.targets.methods(each, *DERIVING):
                writes = self.functions.writes_of(method)
                yield from writes.changes

    def _notices(self, owner: Class) -> bool:
        """Whether a class of the project may keep a list of its subclasses."""
        return any(self._notices_itself(each) for each in self.functions.targets.lineage(owner))

    def _notices_itself(self, owner: Class) -> bool:
        node = owner.node
        methods = {each.name for each in node.body if isinstance(each, FunctionNode)}
        if methods & _NOTICING_METHODS or any(each.arg == "metaclass" for each in node.keywords):
            return True
        scope = Scope(definitions=owner.definitions)
        bases = [
            base for path in read_bases(node) for base in self.functions.targets.find(path, scope)
        ]
        return any(
            (base.library and not is_forgetful(base.library))
            or base.library in _NOTICING_BASES
            or (base.variable is not None and base.owner is None)
            for base in bases
        )
